"""The plain-Mesa model: one Python object per employee and customer, one method call per agent and decision."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import cast

import mesa
from mesa.agent import AgentSet

from benchmarks.plain_mesa.customer import Customer
from benchmarks.plain_mesa.employee import Employee
from benchmarks.plain_mesa.office import Office
from benchmarks.plain_mesa.portfolios import draw_portfolios
from benchmarks.plain_mesa.surroundings import Month, Segment
from benchmarks.plain_mesa.take_over import people_and_market
from benchmarks.plain_mesa.unit import Unit
from sim.errors import InputError
from sim.model import OrganisationModel
from sim.params.organisation import Function
from sim.state import Equity, Rules
from sim.world import World


class PlainModel(mesa.Model):
    """The rules of a month for agents that are ordinary Mesa agents.

    Args:
        origin: an engine's model past its burn-in; its world becomes this model's, so hand over a fork.
        seed: seed of this model's own random numbers.
        shuffled: whether agents take their turns in a new order every time, as is usual in Mesa. No rule depends on the
            order, so leaving it out saves time only.

    Raises:
        InputError: the world asks for something that this model leaves out.
    """

    def __init__(self, origin: OrganisationModel, seed: int = 1, shuffled: bool = True) -> None:
        """Make an object of every employee and every place in the market."""
        super().__init__(rng=int(seed))
        world = origin.world
        refuse_what_is_left_out(world)
        self.office = Office(world)
        self.rules = cast(Rules, SimpleNamespace(**world.rules._asdict()))  # faster to read than a named tuple
        self.shuffled = shuffled
        self.equity = Equity()
        self.portfolios_drawn = True
        self.read_numbers(world)
        self.units = [Unit(self, index) for index in range(len(world.structure.silos))]
        self.segments = segments_of(world)
        people_and_market(self, world)
        self.staff: AgentSet = self.agents_by_type[Employee]
        self.customers: AgentSet = self.agents_by_type[Customer]

    def read_numbers(self, world: World) -> None:
        """Numbers that never change, as Python numbers and lists."""
        structure, state, rules = world.structure, world.state, world.rules
        table = structure.initiatives
        self.difficulty, self.effort, self.decree = (
            column.tolist() for column in (table.difficulty, table.effort, table.decree)
        )
        self.builds_on = [[k for k, needed in enumerate(row) if needed] for row in table.builds_on.tolist()]
        self.n_product = sum(f is Function.PRODUCT for f in structure.functions)
        self.intercept, self.skill_top = float(state.intercept), float(state.skill_top)
        self.variable_share = world.scenario.incentives.variable_share
        self.usual_mood = math.log(rules.engagement.level / (1 - rules.engagement.level))
        self.contact_rate, self.complexity = rules.market.contact_rate, rules.market.complexity
        self.drift = rules.market.expectation_drift
        spec, economics = rules.customers, rules.economics
        self.estimate_error, self.cost_spread = spec.estimate_error, spec.cost_to_serve_spread
        self.horizon, self.natural_end = 12 * spec.horizon_years, spec.natural_end_per_month
        self.margin, self.discount = economics.margin, economics.monthly_discount
        self.usual_knowledge = state.usual_knowledge.tolist()
        months = rules.experience.commitment_months
        self.history = [-math.expm1(-t / months) for t in range(len(self.usual_knowledge))]

    def step(self) -> None:
        """One month."""
        self.lead()
        self.share()
        self.adopt()
        self.serve()
        self.inform()
        self.experience()
        self.value()
        self.close()

    def turn(self, agents: AgentSet, method: str) -> None:
        """Let every agent act once."""
        if self.shuffled:
            agents.shuffle_do(method)
        else:
            agents.do(method)

    def lead(self) -> None:
        """Environment, programme, leaders."""
        self.office.open_month()
        climate, rules = self.office.world.state.climate, self.rules
        self.support, self.reach = float(climate.support), float(climate.reach)
        self.agents_reach = climate.agents.tolist()
        gravity = rules.belief.gravity * (1 + rules.belief.pressure * climate.pressure)
        gravity *= 1 + rules.belief.maturity * self.office.world.scenario.organisation.maturity
        self.gravity = min(1.0, float(gravity))
        for unit in self.units:
            unit.brief_staff(self.office.world)

    def share(self) -> None:
        """Employees help across boundaries or not; habits and the traitor norm follow."""
        self.turn(self.staff, "decide_to_share")
        self.staff.do("form_habit")
        self.office.after_sharing()

    def adopt(self) -> None:
        """Employees hear of, try, practise and give up what is installed."""
        for unit in self.units:
            unit.busy = 0.0
        if self.office.world.state.plan.drawn_up:
            self.turn(self.staff, "decide_to_adopt")
            self.staff.do("settle_adoption")
        self.office.after_adoption(self.staff)

    def serve(self) -> None:
        """Customers make contact, hear offers, react, leave, join."""
        world = self.office.world
        for unit in self.units:
            unit.brief_front_line(world)
        for unit in self.units:
            unit.counts = type(unit.counts)()
        self.set_month()
        self.turn(self.customers, "step")
        for unit in self.units:
            unit.settle_service(world)
        self.watch_customers()

    def set_month(self) -> None:
        """Work out what every customer meets this month; units have to be briefed before."""
        self.month = Month.of(self.office.world, self.push_rate(), self.n_product)

    def push_rate(self) -> float:
        """Chance that a product unit makes a customer an offer."""
        rules, functions = self.rules, self.office.world.structure.functions
        product = [u for u, f in zip(self.units, functions, strict=True) if f is Function.PRODUCT]
        if not product:
            return 0.0
        pay = self.office.world.state.climate.pay
        own = sum(float(pay[u.index, 0] + pay[u.index, 1]) for u in product) / len(product)
        supply = sum(u.capabilities for u in product if u.fence > 0) / len(product)
        planned = rules.employees.product_manager_share / rules.offers.managers * (1 - supply)
        return min(1.0, rules.offers.rate * planned * (1 + rules.offers.pay_push * self.variable_share * own))

    def owned_share(self, unit: Unit) -> float:
        """Share of owned customers last month in a unit; that of all where it has no customers."""
        customers, covered = unit.counts.customers, unit.counts.covered
        if not customers:
            customers = sum(u.counts.customers for u in self.units)
            covered = sum(u.counts.covered for u in self.units)
        return covered / customers if customers else 0.0

    def watch_customers(self) -> None:
        """Share of advocates, and the threshold that keeps retention acts within their budget."""
        climate, churn = self.office.world.state.climate, self.rules.churn
        customers = max(sum(u.counts.customers for u in self.units), 1.0)
        climate.advocates = sum(u.counts.advocates for u in self.units) / customers
        insight = sum(u.scored * u.counts.customers for u in self.units) / customers
        if insight > 0:
            share = sum(u.counts.acts for u in self.units) / customers / insight
            change = min(1.4, max(0.7, share / max(churn.act_budget, 1e-4))) ** 0.5
            climate.act_threshold = min(10.0, max(1e-4, climate.act_threshold * change))

    def inform(self) -> None:
        """Units count, the chain of information moves, everybody hears how it went."""
        self.office.after_service(self.units, self.staff)
        for unit in self.units:
            unit.brief_staff(self.office.world)
            unit.hear(self.office.world)

    def experience(self) -> None:
        """Belief, engagement and skill of employees; who leaves is replaced."""
        self.turn(self.staff, "experience")
        self.staff.do("settle")

    def value(self) -> None:
        """Portfolios, then lifetime values."""
        if self.portfolios_drawn or any(unit.fence > 0 or unit.self_service > 0 for unit in self.units):
            draw_portfolios(self)
        self.equity = Equity()
        self.customers.do("revalue")
        weight = self.rules.customers.weight
        self.office.world.state.equity = Equity(*(weight * part for part in vars(self.equity).values()))

    def close(self) -> None:
        """Books, pressure, the board."""
        self.office.close_month(self.staff)


def segments_of(world: World) -> list[Segment]:
    """The segments of a world with what is normal in them."""
    fitted = world.structure.segments
    table = (fitted.hazard, fitted.shape, world.state.entry, world.state.normal.risk_ratio)
    return [
        Segment(name, given, world.rules, (float(hazard), float(shape), float(entry)), float(ratio))
        for (name, given), hazard, shape, entry, ratio in zip(
            world.rules.customers.segments.items(), *table, strict=True
        )
    ]


def refuse_what_is_left_out(world: World) -> None:
    """Check that the plan needs nothing that this model leaves out.

    Raises:
        InputError: Moments of Belief, product launches, the paper case, or a world in its burn-in.
    """
    left_out: Mapping[str, float] = {
        "strategy.moments_per_year": world.strategy.moments_per_year,
        "strategy.launches_per_year": world.strategy.launches_per_year,
        "paper": float(world.paper),
    }
    for name, value in left_out.items():
        if value:
            raise InputError(name, "is left out of the plain-Mesa model", value, "take another strategy")
    if world.month < 0:
        raise InputError("origin", "must be past its burn-in", world.month, "call burn_in first")
