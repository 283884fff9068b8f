"""Where the formal organisation is not the one that people practise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis import Study
from experiments.figures.style import F64, names, page
from experiments.headline import SIMULATED


def gridlock_cells(study: Study) -> tuple[F64, list[str]]:
    """What is formal and not practised at the end, [initiative, strategy, silo] (NaN: not installed), initiatives."""
    table = study.silo_months
    last = table.loc[(table["month"] == table["month"].max()) & (table["kind"] == SIMULATED)]
    initiatives = [name.removeprefix("formal_") for name in last.columns if str(name).startswith("formal_")]
    means = last.groupby(["scenario", "silo"], sort=False, observed=True).mean(numeric_only=True)
    silos = list(dict.fromkeys(last["silo"]))
    wanted = pd.MultiIndex.from_product([study.strategies[1:], silos])
    means = means.reindex(wanted)
    formal = means[[f"formal_{name}" for name in initiatives]].to_numpy(float).T
    practised = means[[f"practised_{name}" for name in initiatives]].to_numpy(float).T
    gap = np.where(formal >= 0.05, formal * (1 - practised), np.nan)
    return gap.reshape(len(initiatives), len(wanted) // len(silos), len(silos)), initiatives


def gridlock_map(study: Study) -> Figure | None:
    """Heat map of what is installed and not practised, by initiative and silo, per strategy; None without any."""
    gap, initiatives = gridlock_cells(study)
    if not np.isfinite(gap).any():
        return None
    silos = list(dict.fromkeys(study.silo_months["silo"]))
    rows, strategies, columns = gap.shape
    wide = np.pad(gap, ((0, 0), (0, 0), (0, 1)), constant_values=np.nan).reshape(rows, -1)[:, :-1] * 100
    shares = {name: float(np.nanmean(gap[k])) for k, name in enumerate(initiatives) if np.isfinite(gap[k]).any()}
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    title = (
        f"Installed and not practised at the end: most of {most.replace('_', ' ')} ({shares[most]:.0%}), "
        f"least of {least.replace('_', ' ')} ({shares[least]:.0%})"
    )
    width = max(8.0, 2.8 + 0.28 * wide.shape[1])
    fig, (axes,) = page((width, 5.2), 1, title, sides=(1.75, 0.95), foot=0.9)
    for k in range(strategies):
        axes.axvspan(k * (columns + 1) - 0.5, k * (columns + 1) + columns - 0.5, color="#eeeeee", zorder=0, linewidth=0)
    image = axes.imshow(wide, cmap="YlOrBr", vmin=0, vmax=100, aspect="auto", zorder=1)
    for (row, column), value in np.ndenumerate(wide):
        if np.isfinite(value):
            axes.text(
                column,
                row,
                f"{value:.0f}",
                ha="center",
                va="center",
                fontsize=6.5,
                color="white" if value > 60 else "black",
            )
    starts = [k * (columns + 1) - 0.5 for k in range(strategies)]
    names(axes, study.strategies[1:], starts)
    axes.set_yticks(range(rows), [name.replace("_", " ") for name in initiatives])
    ticks = [k * (columns + 1) + c for k in range(strategies) for c in range(columns)]
    axes.set_xticks(ticks, [name.replace("_", " ") for name in silos] * strategies, rotation=90, fontsize=7)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    bar = fig.add_axes((1 - 0.75 / width, 0.25, 0.14 / width, 0.5))
    fig.colorbar(image, cax=bar, label="% installed and not practised (grey: not installed)")
    return fig
