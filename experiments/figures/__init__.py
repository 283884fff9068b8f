"""Figures, as PNG and SVG. Only this package knows matplotlib; import it late, it costs half a second."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

from experiments.analysis import Analysis, Study
from experiments.figures.differences import paired_differences
from experiments.figures.gridlock import gridlock_map
from experiments.figures.over_time import fan_charts, j_curve
from experiments.figures.single import run_title, single_run
from experiments.figures.style import STYLE, save

__all__ = ["draw_all", "run_title", "save", "single_run"]


def draw_all(study: Study, found: Analysis, folder: Path) -> dict[str, tuple[str, Path, Path]]:
    """Draw every figure of a comparison.

    Returns:
        name -> (alternative text, PNG, SVG); empty if there is nothing to compare with.
    """
    if len(study.strategies) < 2:
        return {}
    drawn = {}
    with mpl.rc_context(STYLE):
        figures = {
            "fan_charts": fan_charts(study, found),
            "j_curve": j_curve(study),
            "paired_differences": paired_differences(study, found),
            "gridlock": gridlock_map(study),
        }
    for name, fig in figures.items():
        if fig is not None:
            drawn[name] = (fig.get_suptitle().replace("\n", " "), *save(fig, folder, name))
    return drawn
