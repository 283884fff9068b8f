"""The only time loop: run(scenario, seed) -> Result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.measures.indices import INDICES, measure_signals
from sim.measures.organisation import MEASURES, measure_row
from sim.measures.signals import signal_table
from sim.measures.silo import SILO_MEASURES, silo_table
from sim.model import OrganisationModel
from sim.params.field import replace
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy
from sim.state import ADOPTION_TERMS, BELIEF_TERMS, ENGAGEMENT_TERMS, SHARING_TERMS, Event, Why
from sim.world import World

WHY_TERMS = {
    "adoption": ADOPTION_TERMS, "sharing": SHARING_TERMS, "belief": BELIEF_TERMS, "engagement": ENGAGEMENT_TERMS,
}  # fmt: skip


BURN_IN_ONLY = (
    "organisation.silos", "organisation.employees", "organisation.customers", "norms.disposition", "norms.ties",
    "leadership.ceo_", "leadership.coo_", "leadership.vendor_", "leadership.interest_", "leadership.power_",
    "behaviour.sharing.reference_", "behaviour.engagement.unit_spread", "customers.service.utilisation", "burn_in",
)  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """One future of the same organisation.

    Args:
        scenario: key of the strategy, such as "unlock".
        strategy: what is done from month 0.
        kind: "simulated", "paper" (the business case if the organisation simply delivered; with anything behind that
            word, the case under `changes`) or "without <brake>".
        changes: (dotted parameter, value) pairs that hold from month 0: a brake released.
    """

    scenario: str
    strategy: Strategy
    kind: str = "simulated"
    changes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Result:
    """Tables of one run; element 0 of every series is the last month of the burn-in.

    Args:
        months: measure -> series, shape [months + 1].
        silo_months: measure -> series, shape [months + 1, silos].
        silos: names of the units.
        events: the log, in order.
        why: decision -> sums of signed contributions, shape [months + 1, silos, terms + 1]; last column: decisions.
    """

    months: dict[str, np.ndarray]
    silo_months: dict[str, np.ndarray]
    silos: tuple[str, ...]
    events: tuple[Event, ...]
    why: dict[str, np.ndarray]

    @property
    def brakes(self) -> dict[str, float]:
        """Mean contribution of every term to the log chance of trying what is installed (negative: a brake)."""
        sums = self.why["adoption"][1:].sum(axis=(0, 1))
        if sums[-1] == 0:
            return {}
        return {term: float(v / sums[-1]) for term, v in zip(ADOPTION_TERMS, sums[:-1], strict=True)}


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> Result:
    """Run one scenario: burn-in, then its strategy."""
    return run_variants(scenario, [Variant("run", scenario.strategy)], seed, replicate)[0]


def run_variants(
    scenario: Scenario, variants: Sequence[Variant], seed: int, replicate: int, threads: int = 1
) -> list[Result]:
    """Run one burn-in of the unchanged organisation and every variant from the same state with the same luck.

    Args:
        scenario: organisation, market, responses; its own strategy is ignored.
        variants: the futures to compare.
        seed: seed of all draws, 32 bits.
        replicate: which of the seed's independent lives, 32 bits.
        threads: threads for the customer phases; changes nothing but time.

    Returns:
        One result per variant, in order.

    Raises:
        KeyError: a changed parameter does not exist.
        pydantic.ValidationError: a changed value breaks its rule.
    """
    origin = burn_in(scenario, seed, replicate, threads)
    return [follow(fork(origin, variant)) for variant in variants]


def burn_in(scenario: Scenario, seed: int, replicate: int, threads: int = 1) -> OrganisationModel:
    """The unchanged organisation at the end of its burn-in."""
    model = OrganisationModel(scenario, seed=seed, replicate=replicate, threads=threads)
    model.burn_in()
    return model


def fork(origin: OrganisationModel, variant: Variant) -> OrganisationModel:
    """A copy of the world that follows a variant from month 0."""
    for dotted, _ in variant.changes:
        if dotted.startswith(BURN_IN_ONLY):
            raise InputError(
                dotted, "cannot change after the burn-in", variant.kind, "change it for the whole scenario"
            )
    changed = replace(origin.inputs, dict(variant.changes)) if variant.changes else origin.inputs
    changed.require_names(variant.strategy)
    chosen = changed.model_copy(update={"strategy": variant.strategy})
    return origin.fork(chosen, paper=variant.kind.partition(" ")[0] == "paper")


def follow(model: OrganisationModel, watch: Callable[[World], None] | None = None) -> Result:
    """Run a model over its horizon and measure every month; `watch` sees the world after each and changes nothing."""
    n, silos, world = model.inputs.months, model.world.structure.silos, model.world
    names, unit_names = (*MEASURES, *INDICES), (*SILO_MEASURES, "barrett")
    months = np.full((n + 1, len(names)), np.inf)  # what nobody writes is noticed
    units = np.full((n + 1, len(unit_names), len(silos)), np.inf)
    why = {name: np.zeros((n + 1, len(silos), len(WHY_TERMS[name]) + 1)) for name in Why._fields}
    for m in range(n + 1):
        if m > 0:
            model.advance()
            for table, sums in zip(why.values(), world.state.why, strict=True):
                table[m] = sums
        measure_signals(world, signal_table(world), months[m, len(MEASURES) :], units[m, -1])
        measure_row(world, months[m, : len(MEASURES)])
        silo_table(world, units[m, :-1])
        if watch is not None:
            watch(world)
    return Result(
        months=dict(zip(names, months.T.copy(), strict=True)),
        silo_months=dict(zip(unit_names, units.transpose(1, 0, 2).copy(), strict=True)),
        silos=silos,
        events=tuple(model.world.state.events),
        why=why,
    )
