"""Culture: responsiveness, engagement, the outside-in scorecard, relationship orientation, alignment of five levers.

All are computed from what happens in the model and feed back into nothing. Which signal stands for which item is
judgement (grade D), fixed before any strategy's value was looked at.
"""

from __future__ import annotations

import numpy as np

from sim.columns import F64
from sim.compiled import woven_in
from sim.sums import compensated
from sim.world import World, constant

# Score -> its signals, see `SIGNALS`. The scorecard's six activities and three parts of leadership are those of Dawson
# and Meehan (2021), The Customer Copernicus.
RESPONSIVENESS: dict[str, tuple[str, ...]] = {
    "mri_generated": ("captured", "feedback", "scored", "current", "participation"),
    "mri_disseminated": ("shared_on", "seen", "dialogue"),
    "mri_acted": ("used", "empowered", "fit", "acts", "recovered"),
}
GALLUP: dict[str, tuple[str, ...]] = {"q12": ("engagement",)}
COPERNICUS: dict[str, tuple[str, ...]] = {
    "copernicus_choose": ("value_known", "differently", "scored"),
    "copernicus_insights": ("current", "chain", "seen"),
    "copernicus_propositions": ("fit", "tailored"),
    "copernicus_empowered": ("empowered", "recovered"),
    "copernicus_learning": ("feedback", "checked", "grown"),
    "copernicus_plan": ("customer_plan",),
    "copernicus_outward": ("looks_out",),
    "copernicus_committed": ("leaders_commit", "leaders_show"),
    "copernicus_assertive": ("courage_left",),
}
ORIENTATION: dict[str, tuple[str, ...]] = {
    "orientation_retention": ("paid_for_customers", "acts"),
    "orientation_differently": ("tiers", "scored", "feedback"),
    "orientation_value": ("belief", "paid_for_customers", "answerable"),
    "orientation_freedom": ("empowered",),
}
LEVERS: dict[str, tuple[str, ...]] = {
    "lever_strategy": ("leaders_belief", "belief", "credible_words"),
    "lever_structure": ("teams", "portfolios"),
    "lever_people": ("skill", "trained", "empowered"),
    "lever_process": ("chain", "scored", "feedback"),
    "lever_rewards": ("paid_together",),
}

CULTURE: dict[str, tuple[str, int, str]] = {
    "mri_generated": ("0-100", 1, "intelligence generated: captured, heard, scored, kept current, told by customers"),
    "mri_disseminated": ("0-100", 1, "intelligence disseminated: shared across, reactions seen, talked about"),
    "mri_acted": ("0-100", 1, "intelligence acted upon: used, offers that fit, retention acts, failures made good"),
    "mri": ("0-100", 1, "market responsiveness, geometric mean of the three parts"),
    "q12": ("1-5", 1, "mean engagement of staff, 1 + 4 x engagement"),
    "copernicus_choose": ("0-100", 1, "customers and needs are chosen: value known, treated by it, scored"),
    "copernicus_insights": ("0-100", 1, "insights guide: kept current, passed along the chain, seen by staff"),
    "copernicus_propositions": ("0-100", 1, "innovative propositions: offers that fit, and that owners adapt or make"),
    "copernicus_empowered": ("0-100", 1, "empowered colleagues: act on their judgement, make failures good"),
    "copernicus_learning": ("0-100", 1, "rapid learning: feedback, checkpoints, skill gained"),
    "copernicus_plan": ("0-100", 1, "customer-led plan: practised effort for customers per effort under way"),
    "copernicus_outward": ("0-100", 1, "outward-looking: feedback seeking at the top x information that gets through"),
    "copernicus_committed": ("0-100", 1, "committed inside: leaders' attention x buy-in, and behaviours shown"),
    "copernicus_assertive": ("0-100", 1, "assertive outside: courage left above investors' pressure"),
    "orientation_retention": ("0-1", 1, "retention is a shared priority: paid for, acted for"),
    "orientation_differently": ("0-1", 1, "customers are treated differently, and quickly"),
    "orientation_value": ("0-1", 1, "lifetime value is appreciated: believed, paid for, answered for"),
    "orientation_freedom": ("0-1", 1, "people act without approval"),
    "orientation": ("0-1", 1, "relationship orientation, mean of the four parts"),
    "lever_strategy": ("0-1", 1, "strategy: belief of leaders and staff, words that are believed"),
    "lever_structure": ("0-1", 1, "structure: teams and portfolios practised"),
    "lever_people": ("0-1", 1, "people: skill, training practised, empowerment"),
    "lever_process": ("0-1", 1, "process: chain of information, insight and feedback practised"),
    "lever_rewards": ("0-1", 1, "rewards: team and customer parts of the pay in force"),
    "alignment": ("0-1", 1, "1 - distance between the furthest and the least moved lever"),
    "idle_spending": ("$", -1, "paid so far for initiatives, as far as their design is not practised"),
}


@woven_in
def responsiveness_of(parts):  # type: ignore[no-untyped-def]
    """Market responsiveness: geometric mean of its three parts, each 100 x mean of its signals.

    The parts are those of Kohli & Jaworski (1990): intelligence is generated, disseminated and acted upon, which
    MarketCulture's index measures by survey. They follow one another, so what one part lacks another cannot make up
    for: intelligence that never leaves its department, or that nobody acts upon, is worth nothing. The geometric mean
    says so; it is 0 when a part is missing. Which signals stand for a part is judgement.
    """
    product = 1.0
    for part in parts:
        product *= part
    return product ** (1 / parts.shape[0])


@woven_in
def orientation_of(parts):  # type: ignore[no-untyped-def]
    """Relationship orientation (Day 2003): mean of four parts, each the mean of its signals; judgement."""
    return compensated(parts) / parts.shape[0]


@woven_in
def alignment_of(levers):  # type: ignore[no-untyped-def]
    """Five levers of organisation design (Galbraith 1995), each the mean of its signals; the mapping is judgement.

    alignment = 1 - (largest - smallest lever). It says whether the levers have moved together, not how far: a firm
    that has moved none of them is aligned too, with what it was. Read it beside the levers.
    """
    return 1 - (levers.max() - levers.min())


def idle_spending(world: World) -> float:
    """Idle spending, $: sum over units and initiatives of what has been paid x (1 - practised design).

    What has been paid = months paid / months of installation x price per employee x represented employees x the
    unit's share of staff. Money falls idle when it is spent and comes to life as the design is practised; what is
    still being installed, has been stopped or has eroded is idle. Running activities are not counted.
    """
    plan = world.state.plan
    if not plan.drawn_up:
        return 0.0
    idle = plan.paid * (1 - world.state.climate.design)
    return float(represented_staff(world).dot(idle).dot(monthly_price(world)))


@constant
def represented_staff(world: World) -> F64:
    """Represented employees of every unit, shape [silo]."""
    size = np.diff(world.structure.units.first)
    return np.asarray(world.employees * size / size.sum())


@constant
def monthly_price(world: World) -> F64:
    """Price of a month of installation per employee, shape [initiative]."""
    table = world.structure.initiatives
    return np.asarray(table.price / table.install)
