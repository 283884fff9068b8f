"""Where the formal organisation is not the one that people practise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from experiments.analysis import Study
from experiments.figures.style import F64, names, page
from experiments.headline import SIMULATED, label

INSTALLED = 0.05  # formal state from which a unit counts as having an initiative
PER_ROW = 4  # strategies side by side


@dataclass(frozen=True)
class Cells:
    """What is formal and not practised at the end.

    Args:
        gap: share of the formal state that is not practised, %, [initiative, strategy, silo], over the runs in which
            the silo has the initiative; NaN where none has.
        runs: number of these runs, same shape.
        initiatives: names.
        strategies: keys, without the baseline.
        silos: names.
    """

    gap: F64
    runs: NDArray[np.int64]
    initiatives: list[str]
    strategies: list[str]
    silos: list[str]


def gridlock_cells(study: Study) -> Cells:
    """Read the last month of the units' table."""
    table = study.silo_months
    last = table.loc[(table["month"] == table["month"].max()) & (table["kind"] == SIMULATED)]
    initiatives = [name.removeprefix("formal_") for name in last.columns if str(name).startswith("formal_")]
    strategies, silos = study.strategies[1:], list(dict.fromkeys(last["silo"].astype(str)))
    formal = last[[f"formal_{name}" for name in initiatives]].to_numpy(float)
    practised = last[[f"practised_{name}" for name in initiatives]].to_numpy(float)
    here = formal >= INSTALLED
    sums = []
    for part in (np.where(here, formal * (1 - practised), 0.0), np.where(here, formal, 0.0), here.astype(float)):
        grouped = pd.DataFrame(part).groupby([last["scenario"].to_numpy(str), last["silo"].to_numpy(str)]).sum()
        wanted = grouped.reindex(pd.MultiIndex.from_product([strategies, silos])).to_numpy()
        sums.append(wanted.T.reshape(len(initiatives), len(strategies), len(silos)))
    idle, whole, runs = sums
    gap = 100 * np.divide(idle, whole, out=np.full_like(idle, np.nan), where=whole > 0)
    return Cells(gap, runs.astype(np.int64), initiatives, strategies, silos)


def gridlock_map(study: Study) -> Figure | None:
    """Heat map of what is installed and not practised, by initiative and silo, per strategy; None without any."""
    cells = gridlock_cells(study)
    if not np.isfinite(cells.gap).any():
        return None
    per_row = len(cells.strategies) if len(cells.strategies) <= PER_ROW else -(-len(cells.strategies) // 2)
    chunks = [slice(k, k + per_row) for k in range(0, len(cells.strategies), per_row)]
    width = max(8.0, 2.8 + 0.36 * per_row * (len(cells.silos) + 1))
    fig, rows = page((width, 1.5 + 4.3 * len(chunks)), len(chunks), title(cells, study.replicates),
                     sides=(1.75, 0.95), foot=1.25)  # fmt: skip
    fig.subplots_adjust(hspace=0.62)
    for axes, chunk in zip(rows, chunks, strict=True):
        image = panel(axes, cells, chunk, per_row, study.replicates)
    bar = fig.add_axes((1 - 0.75 / width, 0.25, 0.14 / width, 0.5))
    fig.colorbar(image, cax=bar, label="% of what is installed that is not practised (grey: not installed)")
    if ((cells.runs > 0) & (cells.runs < study.replicates)).any():
        note = f"Small: in how many of the {study.replicates} runs the unit has it, if not in all; shares: theirs."
        fig.text(0.2 / width, 0.1 / fig.get_figheight(), note, fontsize=8)
    return fig


def title(cells: Cells, replicates: int) -> str:
    """The largest and the smallest cell, among those that most runs have if there are any."""
    usual = np.where(2 * cells.runs > replicates, cells.gap, np.nan)
    shown = usual if np.isfinite(usual).any() else cells.gap
    ends = []
    for k in (np.nanargmax(shown), np.nanargmin(shown)):
        i, s, unit = np.unravel_index(k, shown.shape)
        name, key, silo = cells.initiatives[i], cells.strategies[s], cells.silos[unit]
        where = f"{name.replace('_', ' ')} in {silo.replace('_', ' ')} under {label(key)}"
        ends.append(f"of {where} ({shown[i, s, unit]:.0f}%)")
    among = ", where most runs have it" if np.isfinite(cells.gap[~np.isfinite(shown)]).any() else ""
    return f"Installed and not practised at the end{among}: most {ends[0]}, least {ends[1]}"


def panel(axes: Axes, cells: Cells, chunk: slice, per_row: int, replicates: int) -> AxesImage:
    """Some strategies side by side, a column per silo, with an empty one between strategies."""
    keys, columns = cells.strategies[chunk], len(cells.silos)
    wide = np.full((len(cells.initiatives), per_row * (columns + 1) - 1), np.nan)
    starts = [k * (columns + 1) for k in range(len(keys))]
    for k, start in enumerate(starts):
        axes.axvspan(start - 0.5, start + columns - 0.5, color="#eeeeee", zorder=0, linewidth=0)
        wide[:, start : start + columns] = cells.gap[:, chunk][:, k]
        for (row, column), runs in np.ndenumerate(cells.runs[:, chunk][:, k].astype(object)):
            if runs:
                write(axes, (start + column, row), wide[row, start + column], runs if runs < replicates else None)
    image = axes.imshow(wide, cmap="YlOrBr", vmin=0, vmax=100, aspect="auto", zorder=1)
    names(axes, keys, [start - 0.5 for start in starts], first=chunk.start)
    axes.set_yticks(range(len(wide)), [name.replace("_", " ") for name in cells.initiatives])
    ticks = [start + c for start in starts for c in range(columns)]
    axes.set_xticks(ticks, [name.replace("_", " ") for name in cells.silos] * len(keys), rotation=90, fontsize=8)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return image


def write(axes: Axes, place: tuple[float, float], value: float, runs: int | None) -> None:
    """The value of a cell, and small the number of runs behind it unless that is all."""
    ink = "white" if value > 60 else "black"
    up = 0 if runs is None else 3
    axes.annotate(f"{value:.0f}", place, (0, up), textcoords="offset points", ha="center", va="center", fontsize=8,
                  color=ink)  # fmt: skip
    if runs is not None:
        axes.annotate(f"{runs}", place, (0, -6), textcoords="offset points", ha="center", va="center", fontsize=6,
                      color=ink)  # fmt: skip
