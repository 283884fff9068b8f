"""The verb `reversals`: move every uncertain parameter, say what would change the advice, save."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from experiments.complaints import Brief
from experiments.preface import preface
from experiments.reversals.compute import compute, thinned
from experiments.reversals.judgement import judge
from experiments.reversals.page import as_page, on_screen
from experiments.settings import RunSettings
from sim.errors import InputError
from sim.params.field import walk
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy


def reversals(
    scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings, command: str
) -> pd.DataFrame:
    """Find the assumptions that could reverse the advice, print and save them.

    Args:
        scenario: organisation, market and responses.
        strategies: key -> plan.
        settings: worlds (one replicate each), seed, unknowns, output.
        command: the command that reproduces this, for the page.

    Returns:
        The judgement, see `judge`.

    Raises:
        InputError: there is nothing to choose between.
        Interrupted: Ctrl-C; moves that were finished have been judged, shown and saved.
    """
    if len(strategies) < 2:
        rule, advice = "must name at least two plans", "with one plan there is no advice to reverse"
        raise InputError("strategies", rule, Brief(f"[{', '.join(strategies)}]"), advice)
    print(preface(thinned(scenario), strategies), flush=True)
    table, stopped = compute(scenario, strategies, settings)
    judged = judge(table, scenario.months, scenario.organisation.economics.monthly_discount)
    words = {name: field.description or "" for name, field, _ in walk(scenario)}
    print(on_screen(judged, settings.replicates, words), flush=True)
    table.to_csv(settings.output / "values.csv", index=False)
    judged.to_csv(settings.output / "reversals.csv", index=False)
    page = as_page(judged, command, settings.replicates, words)
    (settings.output / "reversals.md").write_text(page, encoding="utf-8")
    from experiments.figures import save  # noqa: PLC0415
    from experiments.figures.reversals import tornado  # noqa: PLC0415

    save(tornado(judged), settings.output / "figures", "reversals")
    print(f"\nSaved in {settings.output}: reversals.csv, values.csv, reversals.md, figures/reversals.png", flush=True)
    if stopped is not None:
        raise stopped
    return judged
