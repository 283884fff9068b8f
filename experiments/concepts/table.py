"""The table itself, as data: one row or more per concept of the sources, in their order.

A row names two settings that differ in the switch alone, written as on the command line, the reading in which the
switch must show, and the direction that the source claims (+1, -1). Rows that are measurements show instead that the
measure responds to what it measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from experiments.concepts.readings import (
    EQUITY_PER_CUSTOMER,
    LEAD,
    PAPER_VALUE,
    PERCENTILE,
    RETAINED,
    REVENUE_GAIN,
    SHORTFALL,
    TOGETHER,
    TREATED,
    Reading,
    answer,
    events,
    first_year,
    late,
    late_in_units,
    late_mean,
    month_of,
    throughout,
    unit_at,
)  # fmt: skip

type Settings = Mapping[str, Any]


class Switch(NamedTuple):
    """Settings without and with a concept."""

    off: Settings
    on: Settings


@dataclass(frozen=True)
class Row:
    """One concept and its switch.

    Args:
        id: as in the list of concepts.
        concept: in a few words.
        switch: settings without and with it, nothing else.
        reading: where it must show.
        claim: direction in which the source says it moves, +1 or -1; 0 if the source names none.
        where: settings common to both sides: organisation, strategy, market.
        measurement: True if the row shows that a measure responds.
    """

    id: str
    concept: str
    switch: Switch
    reading: Reading
    claim: int
    where: Settings = field(default_factory=dict)
    measurement: bool = False


def switch(name: str, off: Any, on: Any) -> Switch:
    """A switch that is a single setting."""
    return Switch({name: off}, {name: on})


def under(strategy: str, others: Settings | None = None) -> Settings:
    """Common settings: a ready strategy, and entries of other groups."""
    return {"strategy": strategy, **(others or {})}


def plan(off: str, on: str) -> Switch:
    """A switch from one ready strategy to another."""
    return switch("strategy", off, on)


NO_BEHAVIOURS = {f"strategy.behaviours.{b}": 0.0 for b in ("standards", "recognition", "obstacles", "modelling",
                                                           "resources")}  # fmt: skip
QUIET = {**under("five_behaviours"), **NO_BEHAVIOURS}
COPERNICUS = tuple(f"copernicus_{a}" for a in ("choose", "insights", "propositions", "empowered", "learning", "plan"))
LEADING = tuple(f"copernicus_{a}" for a in ("outward", "committed", "assertive"))
LEVERS = tuple(f"lever_{a}" for a in ("strategy", "structure", "people", "process", "rewards"))
CONTRACT = "organisation.customers.segments.contract.contract"
ERROR = "organisation.customers.estimate_error"


GRIDLOCK = (
    Row("A1", "Understand the full challenge: missing foundations are found",
        switch("strategy.unlock.understand", 0.0, 1.0), where=under("overlapping_launch"),
        reading=events("foundation found", "foundations that join the plan"), claim=1),
    Row("A1", "Understand: what rests on its foundations gets practised",
        switch("strategy.unlock.understand", 0.0, 1.0), where=under("overlapping_launch"), reading=late("reach"),
        claim=1),
    Row("A2", "Negotiate buy-in", switch("strategy.unlock.negotiate", 0.0, 1.0), where=under("unlock"),
        reading=late("buy_in"), claim=1),
    Row("A3", "Locate cultural advancers and blockers: removal hits what blocks",
        switch("strategy.unlock.locate", 0.0, 1.0), where=under("unlock"), reading=late("blockers"), claim=-1),
    Row("A3", "Locate cultural advancers and blockers", switch("strategy.unlock.locate", 0.0, 1.0),
        where=under("unlock"), reading=late("gridlock"), claim=-1),
    Row("A4", "Organize: sequence, limit work in progress", switch("strategy.unlock.organize", 0.0, 1.0),
        where=under("everything_at_once"), reading=throughout("overload"), claim=-1),
    Row("A5", "Two-way channels instead of one-way ones",
        switch("strategy.channels", {"company_meetings": 1.0}, {"hallway_conversations": 1.0}), where=under("unlock"),
        reading=late("credibility"), claim=1),
    Row("A5", "A trusted channel instead of a distrusted one",
        switch("strategy.channels", {"company_meetings": 1.0}, {"hallway_conversations": 1.0}), where=under("unlock"),
        reading=late("belief"), claim=1),
    Row("A5", "Communicate: all channels beside announcements", switch("strategy.unlock.communicate", 0.0, 1.0),
        where=under("unlock"), reading=late("credibility"), claim=1),
    Row("A5", "Say-do gap: words without deeds lower credibility", plan("as_is", "talk_only"),
        reading=late("credibility"), claim=-1),
    Row("A6", "Keep adjusting: checkpoints by risk", switch("strategy.unlock.keep_adjusting", 0.0, 1.0),
        where=under("unlock"), reading=late("gridlock"), claim=-1),
    Row("A6", "Keep adjusting: change outside is noticed", switch("strategy.unlock.keep_adjusting", 0.0, 1.0),
        where=under("unlock", {"market": "disruption"}), reading=month_of("attack answered", "month of the answer"),
        claim=-1),
    Row("A7", "Sequential instead of overlapping launch: paper", plan("overlapping_launch", "sequential_launch"),
        reading=PAPER_VALUE, claim=-1),
    Row("A7", "Sequential instead of overlapping launch: what is lost on the way",
        plan("overlapping_launch", "sequential_launch"), reading=SHORTFALL, claim=-1),
    Row("A7", "Sequential instead of overlapping launch: what is reached",
        plan("overlapping_launch", "sequential_launch"), reading=late("customer_equity"), claim=1),
    Row("A8", "Paper case beside the simulated one: it takes sharing for granted", switch("norms", "guarded", "open"),
        where=under("technology_only"), reading=SHORTFALL, claim=-1, measurement=True),
    Row("A8", "Paper case beside the simulated one: it takes practice for granted",
        Switch({"behaviour.adoption.difficulty": 1.0, "behaviour.adoption.blockers": 1.5,
                "behaviour.adoption.foundation": 1.2},
               {"behaviour.adoption.difficulty": 0.0, "behaviour.adoption.blockers": 0.0,
                "behaviour.adoption.foundation": 0.0}),
        where=under("technology_only"), reading=SHORTFALL, claim=-1, measurement=True),
    Row("A9", "Vulnerable customers: risk score and retention acts",
        switch("customers.churn.retention_act", 0.0, 0.35), where=under("unlock"), reading=late("churn"),
        claim=-1),
    Row("A10", "Facilitator: diagnosis depends less on the chief executive", switch("strategy.facilitator", 0.0, 1.0),
        where=under("unlock", {"leadership": "early_stage"}),
        reading=events("foundation found", "foundations that join the plan"), claim=1),
    Row("A10", "Rival initiatives: background change load", switch("organisation.background_load", 0.4, 2.4),
        where=under("unlock"), reading=late("reach"), claim=-1),
    Row("A10", "Other initiatives that support the plan", switch("organisation.background_help", 0.0, 0.6),
        where=under("technology_only"), reading=late("reach"), claim=1),
)  # fmt: skip

ENTERPRISE = (
    Row("B1", "Customer equity as the objective: select, convert, drop",
        Switch({"customers.acquisition.selectivity": 0.0, "customers.acquisition.convert": 0.0,
                "customers.acquisition.divest": 0.0},
               {"customers.acquisition.selectivity": 0.5, "customers.acquisition.convert": 0.05,
                "customers.acquisition.divest": 0.02}),
        where=under("as_is", {"governance": "hybrid"}), reading=EQUITY_PER_CUSTOMER, claim=1),
    Row("B1", "Equity bridge: retention", plan("as_is", "unlock"), reading=RETAINED, claim=1),
    Row("B2", "Learning relationship: what is known makes leaving costly",
        switch("customers.churn.knowledge", 0.0, 0.5), where=under("unlock"), reading=late("churn"), claim=-1),
    Row("B3", "Five steps of customer information: technology", plan("as_is", "technology_only"),
        reading=late("usable"), claim=1),
    Row("B3", "The weakest link: sharing", switch("norms", "guarded", "open"), where=under("technology_only"),
        reading=late("usable"), claim=1),
    Row("B4", "Relationship orientation", plan("as_is", "market_responsive"), reading=late("orientation"), claim=1),
    Row("B5", "Configuration: portfolios, teams and customer measures",
        switch("strategy.initiatives", {},
               {"customer_metric_pay": 0, "cross_functional_teams": 0, "portfolio_governance": 3}),
        where=under("structure_only"), reading=late("churn"), claim=-1),
    Row("B6", "From product to customer management: collisions", switch("governance", "product", "customer"),
        reading=late("collisions"), claim=-1),
    Row("B6", "Traffic cop: owners with authority", switch("strategy.governance.authority", 0.0, 0.8),
        where=under("customer_governance"), reading=late("offers_blocked"), claim=1),
    Row("B6", "Business rules for the mass", switch("strategy.governance.business_rules", 0.0, 0.8),
        where=under("customer_governance"), reading=late("collisions"), claim=-1),
    Row("B6", "Capabilities managers supply owners", switch("strategy.governance.capabilities", 0.0, 0.8),
        where=under("customer_governance"), reading=late("offer_fit"), claim=1),
    Row("B6", "Accountability for projected value", switch("strategy.governance.projected", 0.0, 1.0),
        where=under("customer_governance"), reading=late("trust"), claim=1),
    Row("B6", "Authority must match accountability", switch("strategy.governance.authority", 0.8, 0.1),
        where=under("customer_governance"), reading=late("q12"), claim=-1),
    Row("B6", "Picket fence that widens", switch("strategy.governance.widen_months", 0, 36),
        where=under("customer_governance"), reading=throughout("owned"), claim=-1),
    Row("B6", "Estimated instead of true value: who is inside the fence", switch(ERROR, 0.0, 0.8),
        where=under("as_is", {"governance": "hybrid"}), reading=late("fence_missed"), claim=1),
    Row("B7", "Five levers move together instead of structure alone", plan("structure_only", "star_alignment"),
        reading=late_mean(LEVERS, "mean of the five levers"), claim=1),
    Row("B7", "Five levers: how even they are", plan("structure_only", "star_alignment"), reading=late("alignment"),
        claim=1),
    Row("B7", "One lever alone is out of line", plan("as_is", "technology_only"), reading=late("alignment"), claim=-1),
    Row("B7", "Misalignment has a price: structure is not practised while rewards point elsewhere",
        switch("strategy.initiatives",
               {"customer_metric_pay": 0, "cross_functional_teams": 0, "portfolio_governance": 3},
               {"cross_functional_teams": 0, "portfolio_governance": 3}),
        where=under("structure_only"), reading=late_in_units("practised_cross_functional_teams", "practised teams"),
        claim=-1),
    Row("B8", "Leader stages: early against late", switch("leadership", "early_stage", "late_stage"),
        where=under("unlock"), reading=late("reach"), claim=1),
    Row("B8", "Leaders develop through coaching", switch("strategy.coaching", 0.0, 1.0),
        where=under("five_behaviours"), reading=late("leaders_stage"), claim=1),
    Row("B8", "Leaders fall back under pressure", switch("market.investor_pressure", 0.0, 4.0),
        where=under("as_is", {"market": "disruption"}), reading=late("leaders_stage"), claim=-1),
    Row("B9", "Organisation stages (Barrett)", plan("as_is", "everything_supported"), reading=late("barrett"),
        claim=1),
    Row("B10", "Maturity ceiling: leaders cap what the organisation reaches",
        switch("leadership", "late_stage", "early_stage"), where=under("unlock"), reading=late("barrett"), claim=-1),
    Row("B10", "Maturity ceiling where everything is supported",
        switch("leadership", "late_stage", "early_stage"), where=under("everything_supported"),
        reading=late("barrett"), claim=-1),
    Row("B11", "Customer experience maturity", plan("as_is", "everything_supported"), reading=late("cemm"), claim=1,
        measurement=True),
    Row("B12", "Best Buy: treated against untreated units", switch("strategy.placebo", "everything", "none"),
        where=under("staged_rollout", {"organisation": "best_buy"}), reading=TREATED, claim=1),
    Row("B12", "Fidelity: tiers of service", switch("governance", "product", "tiers"),
        where=under("as_is", {"organisation": "fidelity"}), reading=late("profit"), claim=1),
    Row("B12", "Canadian bank: managers answer for projected value", switch("governance.projected", 0.0, 0.6),
        where=under("as_is", {"organisation": "canadian_bank"}), reading=EQUITY_PER_CUSTOMER, claim=1),
    Row("B12", "Rolls-Royce: the supplier earns when the engine runs, so better service pays more",
        switch("customers.experience.performance_share", 0.0, 0.7),
        where=under("five_behaviours", {"organisation": "rolls_royce"}), reading=REVENUE_GAIN, claim=1),
    Row("B12", "Rolls-Royce: continuous monitoring", switch("customers.churn.monitored", 0.0, 0.9),
        where=under("as_is", {"organisation": "rolls_royce"}), reading=late("satisfaction"), claim=1),
    Row("B13", "Satisfied is not loyal: commitment", switch("customers.churn.commitment", 0.0, 0.6),
        where=under("everything_supported"), reading=late("churn_satisfied"), claim=-1),
    Row("B14", "Solutions: contract with shared risk", switch(CONTRACT, "open", "performance"),
        where=under("unlock", {"organisation": "rolls_royce"}), reading=late("commitment"), claim=1),
    Row("B14", "Diversion of the unprofitable to web and pool", switch("customers.acquisition.convert", 0.0, 0.05),
        where=under("as_is", {"governance": "hybrid"}), reading=late("self_served"), claim=1),
    Row("B15", "Imitation: rivals match service", switch("market.imitation", 0.0, 0.04), where=under("unlock"),
        reading=late("churn"), claim=1),
    Row("B15", "Poor products lose customers anyway", switch("market.product_quality", 0.5, 0.3),
        where=under("unlock"), reading=late("churn"), claim=1),
    Row("B16", "Behaviour triggers: a response wins satisfaction back",
        switch("customers.churn.trigger_response", 0.0, 0.5), where=under("unlock"), reading=late("satisfaction"),
        claim=1),
    Row("B17", "How employees are treated sets how customers are treated",
        switch("customers.service.handling_engagement", 0.0, 1.0), where=under("five_behaviours"),
        reading=late("resolution"), claim=1),
    Row("B17", "Customers take part", switch("customers.information.told", 0.0, 0.05), where=under("unlock"),
        reading=late("knowledge"), claim=1),
    Row("B18", "Learned empowerment: by watching colleagues",
        switch("behaviour.engagement.empowerment_copy", 0.0, 0.5),
        where=under("five_behaviours"), reading=late("empowerment"), claim=1),
)  # fmt: skip

BEHAVIOURS = (
    Row("C1", "Set high standards, with accountability", switch("strategy.behaviours.standards", 0.0, 1.0),
        where=QUIET, reading=late("reach"),
        claim=1),
    Row("C2", "Recognise and reward", switch("strategy.behaviours.recognition", 0.0, 1.0),
        where=QUIET, reading=late("q12"), claim=1),
    Row("C3", "Remove obstacles", switch("strategy.behaviours.obstacles", 0.0, 1.0),
        where=QUIET, reading=late("hostility"), claim=-1),
    Row("C3", "Remove obstacles for one team, for a limited time",
        switch("strategy.leaders", {}, {"wireless": {"obstacles": 1.0, "last_month": 18}}), where=QUIET,
        reading=unit_at("hostility", "wireless", 18), claim=-1),
    Row("C4", "Model the behaviour", switch("strategy.behaviours.modelling", 0.0, 1.0),
        where=QUIET, reading=late("sharing"), claim=1),
    Row("C5", "Provide resources", switch("strategy.behaviours.resources", 0.0, 1.0),
        where=under("everything_at_once"),
        reading=throughout("overload"), claim=-1),
)  # fmt: skip

CULTURE = (
    Row("D1", "Short-term pain", plan("as_is", "market_responsive"), reading=first_year("profit"), claim=-1),
    Row("D1", "Long-term gain", plan("as_is", "market_responsive"), reading=late("profit"), claim=1),
    Row("D1", "Programmes are cut when pressure exceeds courage", switch("market.investor_pressure", 0.5, 3.0),
        where=under("everything_at_once"), reading=late("stopped"), claim=1),
    Row("D2", "Customer focus and engagement move together", plan("as_is", "market_responsive"), reading=TOGETHER,
        claim=1),
    Row("D2", "Engagement follows when customers recognise work", switch("behaviour.engagement.wins", 0.0, 0.8),
        where=under("market_responsive"), reading=late("q12"), claim=1),
    Row("D2", "Lag from customer focus to engagement", plan("five_behaviours", "market_responsive"), reading=LEAD,
        claim=0, measurement=True),
    Row("D3", "Culture against a benchmark", plan("as_is", "market_responsive"), reading=PERCENTILE, claim=1,
        measurement=True),
    Row("D4", "Five customer questions: the most valuable", switch(ERROR, 0.8, 0.2), where=under("as_is"),
        reading=answer(1, "of those in mind, truly so", "share of the believed top tenth who are truly so"), claim=1,
        measurement=True),
    Row("D5", "Ownership: a problem passed on without an owner", switch("customers.service.passed_on", 0.0, 0.3),
        where=under("as_is"), reading=late("contacts_to_resolution"), claim=1),
    Row("D6", "Intelligence is generated", plan("as_is", "technology_only"), reading=late("mri_generated"), claim=1),
    Row("D6", "Intelligence is disseminated", switch("norms", "guarded", "open"), where=under("technology_only"),
        reading=late("mri_disseminated"), claim=1),
    Row("D6", "Intelligence is acted on", plan("as_is", "five_behaviours"), reading=late("mri_acted"), claim=1),
    Row("D7", "Launch blindness risks trust", plan("as_is", "blind_launches"), reading=late("trust"), claim=-1),
    Row("D7", "Launches with intelligence", switch("strategy.launch_research", 0.0, 1.0),
        where=under("informed_launches"), reading=late("wallet_share"), claim=1),
    Row("D8", "Marketing as internal change agent", switch("strategy.change_agents", 0.0, 1.0),
        where=under("market_responsive"), reading=late("reach"), claim=1),
)  # fmt: skip

OUTSIDE_IN = (
    Row("E1", "Gravity pulls belief inside", switch("behaviour.belief.gravity", 0.0, 0.03), where=under("unlock"),
        reading=late("belief"), claim=-1),
    Row("E1", "Gravity grows with the firm's maturity", switch("organisation.maturity", 0.0, 1.0),
        where=under("unlock"), reading=late("belief"), claim=-1),
    Row("E2", "Moments of Belief", switch("strategy.moments_per_year", 0.0, 6.0), where=under("unlock"),
        reading=late("belief"), claim=1),
    Row("E3", "Relapse of belief when support ends", switch("strategy.support_months", 600, 24),
        where=under("everything_supported"), reading=late("belief"), claim=-1),
    Row("E3", "Relapse of customers", switch("strategy.support_months", 600, 24),
        where=under("everything_supported"), reading=late("churn"), claim=1),
    Row("E3", "Relapse of money", switch("strategy.support_months", 600, 24), where=under("everything_supported"),
        reading=late("revenue"), claim=-1),
    Row("E4", "Six activities", plan("as_is", "market_responsive"),
        reading=late_mean(COPERNICUS, "mean of the six activities"), claim=1),
    Row("E5", "Three parts of leadership", switch("leadership", "early_stage", "late_stage"), where=under("unlock"),
        reading=late_mean(LEADING, "mean of the three parts of leadership"), claim=1),
)  # fmt: skip

ROWS = (*GRIDLOCK, *ENTERPRISE, *BEHAVIOURS, *CULTURE, *OUTSIDE_IN)
IDS = tuple(
    f"{letter}{n}" for letter, last in (("A", 10), ("B", 18), ("C", 5), ("D", 8), ("E", 5)) for n in range(1, last + 1)
)
