"""The organisation as a Mesa model. `advance` is the method section: the phases of a month, in order."""

from __future__ import annotations

import logging

import mesa

from sim.agents import ColumnAgents
from sim.build import build
from sim.draws import make_key
from sim.params.scenario import Scenario
from sim.phases import (
    adoption,
    customers,
    environment,
    experience,
    finance,
    information,
    leaders,
    offers,
    portfolios,
    programme,
    service,
    sharing,
    valuation,
)  # fmt: skip
from sim.state import State, records_of, rules_of
from sim.structure import Structure, make_structure, with_programme
from sim.world import World

logging.getLogger("mesa").setLevel(logging.WARNING)

PHASES = (
    environment, programme, leaders, sharing, adoption, service, offers, customers, information, experience, portfolios,
    valuation, finance,
)  # fmt: skip


class OrganisationModel(ColumnAgents, mesa.Model):
    """An organisation, its leaders, employees and customers.

    Args:
        scenario: validated inputs.
        seed: seed of all draws, 32 bits.
        replicate: which of the seed's independent lives.
        threads: threads for the customer phases; changes nothing but time.
        paper: the business case if the organisation simply delivered.

    Example:
        >>> model = OrganisationModel(scenario)          # doctest: +SKIP
        >>> model.run_for(24)                            # doctest: +SKIP
    """

    def __init__(
        self, scenario: Scenario, seed: int = 1, replicate: int = 0, threads: int = 1, paper: bool = False
    ) -> None:
        """Build the organisation at the first month of its burn-in."""
        structure = make_structure(scenario)
        key = make_key(seed, replicate)
        rules = rules_of(scenario)
        state = build(scenario, structure, key)
        world = World(scenario, structure, rules, records_of(rules), key, state, paper, threads)
        self._set_up(world, seed)

    def _set_up(self, world: World, seed: int) -> None:
        super().__init__(rng=int(seed))
        self.world = world
        self.silo_names = world.structure.silos
        self.segment_names = world.structure.segment_names
        self.trait_names = tuple(world.scenario.organisation.traits)
        self.seed = seed

    @property
    def inputs(self) -> Scenario:
        """The validated inputs."""
        return self.world.scenario

    @property
    def structure(self) -> Structure:
        """What never changes."""
        return self.world.structure

    @property
    def state(self) -> State:
        """What changes."""
        return self.world.state

    def step(self) -> None:
        """One month."""
        self.advance()

    def advance(self) -> None:
        """One month, phase by phase."""
        world = self.world
        for phase in PHASES:
            phase.advance(world)
        world.state.month += 1

    def burn_in(self) -> None:
        """Run the unchanged organisation up to month 0."""
        while self.world.month < 0:
            self.advance()

    def fork(self, scenario: Scenario, paper: bool = False) -> OrganisationModel:
        """Copy this world and follow another scenario from here with the same luck."""
        old = self.world
        twin = OrganisationModel.__new__(OrganisationModel)
        rules = rules_of(scenario)
        same = all(new is known for new, known in zip(rules, old.rules, strict=True))
        world = World(
            scenario,
            with_programme(old.structure, scenario),
            rules,
            old.records if same else records_of(rules),
            old.key,
            old.state.fork(),
            paper,
            old.threads,
        )
        twin._set_up(world, self.seed)
        return twin
