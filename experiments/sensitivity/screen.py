"""The verb `screen`: move every parameter alone from many places, say which matter at all, save."""

from __future__ import annotations

import pandas as pd

from experiments.designs import morris
from experiments.evaluation.study import Study, run_study
from experiments.sensitivity.elementary import effects
from experiments.sensitivity.floor import discovered, judge
from experiments.sensitivity.outcomes import F64, of_each
from experiments.sensitivity.screen_text import as_page, on_screen
from experiments.sensitivity.screened import SCREEN
from experiments.sensitivity.settings import ScreenSettings
from experiments.sensitivity.studied import labelled, studied, varied_in

SETTINGS = ScreenSettings
PAGE, FIGURE = "screen.md", "sensitivity_screen"


def perform(study: Study[ScreenSettings]) -> None:
    """Run everything, then say which parameters matter for the outcome and for the gain in it."""
    values, about = studied(run_study(study), study)
    varied, of = varied_in(study), study.settings.of
    names = [factor.name for factor in varied]
    positions = morris.positions(names, study.settings.samples, study.job.settings.seed)
    found = labelled(screened(values, positions, study.job.settings.seed), about, varied)
    print(on_screen(found, about, of), flush=True)
    found.to_csv(study.output / SCREEN, index=False)
    (study.output / PAGE).write_text(as_page(found, about, of), encoding="utf-8")
    from experiments.figures import save  # noqa: PLC0415
    from experiments.figures.sensitivity import screen_figure  # noqa: PLC0415

    save(screen_figure(found, about, of), study.output / "figures", FIGURE)
    print(
        f"\nSaved in {study.output}: {SCREEN}, {PAGE}, figures/{FIGURE}.png\nungridlock sobol with the same scenario "
        f"and from={study.output} splits the variance among those that matter most.",
        flush=True,
    )


def screened(values: pd.DataFrame, positions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Effects of every factor on every quantity, with verdicts: a row each.

    Args:
        values: quantities at the points (see `outcomes`).
        positions: the points in the unit cube.
        seed: of the bootstrap.
    """

    def judged(one: F64) -> pd.DataFrame:
        found = effects(positions, one, seed)
        return found.assign(verdict=judge(found, "mu_star", "low", "high", discovered(found, "p")))

    return of_each(values, judged)
