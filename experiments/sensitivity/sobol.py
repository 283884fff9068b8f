"""The verb `sobol`: split the variance of an outcome among parameters and luck, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from experiments.evaluation.study import Study, run_study
from experiments.sensitivity.floor import discovered, judge
from experiments.sensitivity.indices import additive, independent, indices, of_the_mean
from experiments.sensitivity.outcomes import F64, Of, of_each
from experiments.sensitivity.settings import SobolSettings
from experiments.sensitivity.sobol_text import as_page, on_screen
from experiments.sensitivity.studied import labelled, studied, varied_in, varying
from experiments.sensitivity.words import About

SETTINGS = SobolSettings
TABLE, SUMMARY, PAGE, FIGURE = "sobol.csv", "sobol_summary.csv", "sobol.md", "sensitivity_sobol"


def perform(study: Study[SobolSettings]) -> None:
    """Run everything, then say where the variance comes from."""
    values, about = varying(*studied(run_study(study), study))
    about = replace(about, source=source(study, about))
    varied, seed, of = varied_in(study), study.job.settings.seed, study.settings.of
    if values.empty:
        print("\n".join(["Nothing to split.", *about.absent]), flush=True)
        return
    names = [factor.name for factor in varied]
    found = labelled(split(values, names, seed), about, varied)
    summary = summarised(values, names, seed)
    print(on_screen(found, summary, about, of), flush=True)
    found.to_csv(study.output / TABLE, index=False)
    summary.to_csv(study.output / SUMMARY, index=False)
    (study.output / PAGE).write_text(as_page(found, summary, about, of), encoding="utf-8")
    from experiments.figures import save  # noqa: PLC0415
    from experiments.figures.sensitivity import sobol_figure  # noqa: PLC0415

    save(sobol_figure(found, about, of), study.output / "figures", FIGURE)
    print(f"\nSaved in {study.output}: {TABLE}, {SUMMARY}, {PAGE}, figures/{FIGURE}.png", flush=True)


def source(study: Study[SobolSettings], about: About) -> str:
    """Where the parameters come from, in words; empty if they were typed."""
    folder = study.settings.screened
    if folder is None:
        return ""
    what = study.settings.of if len(study.job.strategies) > 1 else Of.LEVEL
    return f"They are the {about.parameters} with the largest effect on the {what} in the screen {folder}."


def split(values: pd.DataFrame, names: Sequence[str], seed: int) -> pd.DataFrame:
    """Indices of every factor for every quantity, with verdicts: a row each.

    Args:
        values: quantities at the points (see `outcomes`), each with some spread.
        names: factors in the order of the design.
        seed: of the bootstrap.
    """

    def judged(one: F64) -> pd.DataFrame:
        found = indices(names, one, seed)
        found = found.merge(of_the_mean(names, one, seed), on="factor", validate="1:1")
        return found.assign(verdict=judge(found, "total", "total_low", "total_high", discovered(found, "p")))

    return of_each(values, judged)


def summarised(values: pd.DataFrame, names: Sequence[str], seed: int) -> pd.DataFrame:
    """Per quantity: mean, standard deviation and share above zero of the sample, sum of first-order indices."""

    def summary(one: F64) -> pd.DataFrame:
        sample = independent(names, one)
        total, low, high = additive(names, one, seed)
        return pd.DataFrame(
            [{"mean": sample.mean(), "deviation": sample.std(ddof=1), "positive": (sample > 0).mean(),
              "first": total, "first_low": low, "first_high": high}]
        )  # fmt: skip

    return of_each(values, summary)
