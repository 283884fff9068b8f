"""The final judgement: finalists and rivals on lives that the search has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments import ensembles
from experiments.optimisation.judge import Lives, Outcomes
from experiments.optimisation.ties import could_be_best
from experiments.paired import estimate
from experiments.settings import RunSettings, Unknowns
from experiments.unknowns import LUCKS_PER_WORLD, ensemble_of, set_of, world_of
from sim.errors import InputError
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

SEEDS = 2**31
FOUND, NAMED, BASELINE = "found", "named", "baseline"


def lucks(settings: RunSettings) -> int:
    """Replicates per world."""
    return 1 if settings.unknowns is Unknowns.DEFAULT else LUCKS_PER_WORLD


def search_lives(settings: RunSettings) -> Lives:
    """Replicates of the search, one from every world before the second one of any."""
    step = lucks(settings)
    order = [r for first in range(step) for r in range(first, settings.replicates, step)]
    return Lives(settings.seed, tuple(order))


def holdout_lives(scenario: Scenario, settings: RunSettings, number: int) -> Lives:
    """Replicates of the judgement: the next seed, in worlds that share no parameter set with the search's.

    Args:
        scenario: the organisation.
        settings: seed, unknowns and replicates of the search.
        number: replicates wanted, whole worlds.

    Raises:
        InputError: the ensemble has too few members left.
    """
    step = lucks(settings)
    searched, wanted = world_of(settings.replicates - 1, settings.unknowns) + 1, number // step
    first = searched
    name = ensemble_of(settings)
    if name is not None:
        members = len(ensembles.load(name).values)
        used = {set_of(scenario, settings.seed, world, name) for world in range(searched)}
        while any(set_of(scenario, settings.seed, world, name) in used for world in range(first, first + wanted)):
            first += 1
            if first + wanted > members:
                rule = f"must leave worlds that the search has not seen (the ensemble has {members} parameter sets)"
                raise InputError("holdout", rule, number, "choose fewer, or fewer replicates, or unknowns=prior")
    return Lives((settings.seed + 1) % SEEDS, tuple(range(first * step, first * step + number)))


@dataclass(frozen=True)
class Judged:
    """What is compared in the end.

    Args:
        plans: key -> plan; the baseline first.
        kinds: key -> found, named or baseline.
        planned: key -> dollars at list prices.
        searched: outcomes on the search's lives.
        held: outcomes on lives that the search has not seen.
        worlds: world of each of these lives.
    """

    plans: Mapping[str, Strategy]
    kinds: Mapping[str, str]
    planned: Mapping[str, float]
    searched: Outcomes
    held: Outcomes
    worlds: NDArray[np.int64]


def verdict(judged: Judged, budget: float, level: float) -> pd.DataFrame:
    """One row per plan, the best on new lives first, those over the budget last.

    Args:
        judged: outcomes of the baseline (zero against itself) and of plans.
        budget: most dollars paid on average.
        level: of intervals, and confidence that the best plan is among the tied.

    Returns:
        Columns `plan, kind, planned, paid, paid_low, paid_high, fits, search, gain, low, high, tied`; dollars, and
        table units of the objective with more as better.
    """
    rows = []
    for key in judged.plans:
        gain = estimate(judged.held.gains[key].to_numpy(), judged.worlds, level)
        paid = estimate(judged.held.costs[key].to_numpy(), judged.worlds, level)
        rows.append({
            "plan": key, "kind": judged.kinds[key], "planned": judged.planned[key], "paid": paid.mean,
            "paid_low": paid.low, "paid_high": paid.high, "fits": paid.mean <= budget,
            "search": float(judged.searched.gains[key].mean()), "gain": gain.mean, "low": gain.low, "high": gain.high,
        })  # fmt: skip
    table = pd.DataFrame(rows)
    able = list(table.loc[table["fits"], "plan"])
    tied = could_be_best(judged.held.gains[able], judged.worlds, level)
    table["tied"] = table["plan"].map(tied).fillna(False).astype(bool)
    return table.sort_values(["fits", "gain"], ascending=False, kind="stable", ignore_index=True)


def named_by_rank(table: pd.DataFrame) -> dict[str, str]:
    """Old key -> key of every plan that was found: best_1, best_2, ... in the order of the judgement."""
    found = table[table["kind"] == FOUND]
    fitting, over = found.loc[found["fits"], "plan"], found.loc[~found["fits"], "plan"]
    return {
        **{old: f"best_{k}" for k, old in enumerate(fitting, start=1)},
        **{old: f"over_budget_{k}" for k, old in enumerate(over, start=1)},
    }
