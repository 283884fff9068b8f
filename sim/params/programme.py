"""What activities cost, how long they take and how much they ask."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from sim.params.field import Parameters, by_stage, par, whole
from sim.params.strategy import INITIATIVES


class Investment(StrEnum):
    """The three kinds of investment in a market-responsive culture (MarketCulture)."""

    ATTENTION = "attention"  # leaders' attention and vision
    UNDERSTANDING = "understanding"  # money for understanding customers, and for decisions that cost now
    SKILLS = "skills"  # doing things differently


class Initiative(Parameters):
    """One initiative of the programme."""

    label: str = Field(description="Name in words.")
    difficulty: float = par(0.5, "1", (0, 2), "How hard it is to practise.")
    price: float = par(1_000, "$/employee", (0, 1e7), "Price per represented employee.")
    effort: float = par(0.5, "effort", (0, 5), "Load that it puts on people.")
    politics: float = par(0.5, "1", (0, 2), "How far it shifts power.")
    install_months: int = whole(6, "months", (1, 120), "Months until it is formally in place.")
    decree: float = par(0.2, "1", (0, 1), "Part of its design that works by decree, without practice.")
    capital: float = par(0.5, "share of price", (0, 1), "Share of the price that is capital spending.")
    builds_on: tuple[str, ...] = Field((), description="Initiatives that it builds on; proposals often leave them out.")
    investment: Investment = Field(
        Investment.SKILLS, description="Kind of investment: in understanding customers, or in doing things differently."
    )


def default_initiatives() -> dict[str, Initiative]:
    """The eight initiatives with the starting values of the model description (all judgement, grade D)."""
    row = Initiative
    return {
        "insight_system": row(
            label="insight system",
            difficulty=0.2,
            price=5_000,
            effort=0.6,
            politics=0.1,
            install_months=9,
            decree=0.2,
            capital=0.7,
            builds_on=("cross_functional_teams",),
            investment=Investment.UNDERSTANDING,
        ),
        "closed_loop_feedback": row(
            label="closed-loop feedback",
            difficulty=0.5,
            price=1_700,
            effort=0.5,
            politics=0.2,
            install_months=4,
            decree=0.3,
            investment=Investment.UNDERSTANDING,
        ),
        "cross_functional_teams": row(
            label="cross-functional teams",
            difficulty=0.9,
            price=1_300,
            effort=0.8,
            politics=0.8,
            install_months=4,
            decree=0.1,
            capital=0.0,
            builds_on=("capability_training",),
        ),
        "customer_metric_pay": row(
            label="customer-metric pay",
            difficulty=0.8,
            price=1_000,
            effort=0.5,
            politics=1.0,
            install_months=6,
            decree=0.7,
            capital=0.2,
        ),
        "portfolio_governance": row(
            label="portfolio governance",
            difficulty=1.0,
            price=2_000,
            effort=0.9,
            politics=1.0,
            install_months=8,
            decree=0.3,
            capital=0.3,
            builds_on=("cross_functional_teams", "insight_system"),
        ),
        "front_line_empowerment": row(
            label="front-line empowerment",
            difficulty=0.7,
            price=700,
            effort=0.5,
            politics=0.5,
            install_months=3,
            decree=0.1,
            capital=0.0,
            builds_on=("capability_training",),
        ),
        "capability_training": row(
            label="capability training",
            difficulty=0.4,
            price=1_700,
            effort=0.5,
            politics=0.1,
            install_months=3,
            decree=0.5,
            capital=0.0,
        ),
        "culture_programme": row(
            label="culture programme",
            investment=Investment.ATTENTION,
            difficulty=1.0,
            price=1_000,
            effort=0.7,
            politics=0.6,
            install_months=3,
            decree=0.0,
            capital=0.0,
        ),
    }


def check_initiatives(table: dict[str, Initiative]) -> dict[str, Initiative]:
    """All eight initiatives must be there, and build on each other only."""
    for name in (*table, *INITIATIVES):
        if name not in table or name not in INITIATIVES:
            raise ValueError(f"must hold exactly the eight initiatives, got a difference in {name}; correct the name")
    for name, row in table.items():
        for other in row.builds_on:
            if other not in INITIATIVES or other == name:
                raise ValueError(f"{name} must build on other initiatives, got {other}; correct the name")
    return table


class Load(Parameters):
    """Capacity for change and what overload does."""

    capacity: float = par(2.5, "effort", (0.5, 20), "Load that the organisation can carry.", prior=(1.0, 5.0))
    tail_months: int = whole(12, "months", (0, 120), "Months after installation in which the full load lasts.")
    unpractised: float = par(0.25, "1", (0, 1), "Load of what is installed and not practised, later on.", off=0.0)
    time_lost: float = par(1.0, "1", (0, 10), "How overload takes time for trying.", off=0.0, prior=(0.5, 2.0))
    resource_gain: float = par(
        0.6, "1", (0, 3), "Capacity added by leaders who provide resources.", off=0.0, prior=(0.3, 0.9)
    )
    resource_large: float = par(0.5, "1", (0, 1), "Share of resources given as large moves, which wait for the budget.")


class Channel(Parameters):
    """A channel of communication."""

    reach: float = par(0.3, "share of staff per month", (0, 1), "Who is reached in a month.")
    two_way: float = par(0.5, "1", (0, 1), "How far it hears as well as tells.")
    trusted: float = par(0.5, "1", (0, 1), "How far people take for true what they hear through it.", off=0.0)
    price: float = par(1.5, "$/employee/month", (0, 1e5), "Cost of using it fully.")


def default_channels() -> dict[str, Channel]:
    """The channels that Midwest Telecom had (Harper 2003); numbers are judgement."""
    return {
        "customer_and_vendor_meetings": Channel(reach=0.10, two_way=0.8, trusted=0.8, price=1.5),
        "company_meetings": Channel(reach=0.60, two_way=0.1, trusted=0.4, price=1.5),
        "department_meetings": Channel(reach=0.50, two_way=0.6, trusted=0.6, price=2.0),
        "intranet_questions": Channel(reach=0.30, two_way=0.7, trusted=0.5, price=0.5),
        "hallway_conversations": Channel(reach=0.20, two_way=0.9, trusted=0.9, price=2.5),
    }


class Activities(Parameters):
    """Prices and mechanisms of the UNLOCK activities and the support."""

    understand_price: float = par(120.0, "$/employee", (0, 1e5), "Full diagnosis.")
    understand_months: float = par(3.0, "months", (0, 24), "Delay of launch by a full diagnosis.")
    underestimate: float = par(
        0.6, "1", (0.1, 1), "Believed effort as a share of true effort, without diagnosis.", prior=(0.4, 0.8)
    )
    negotiate_price: float = par(15.0, "$/employee/negotiation", (0, 1e5), "One negotiation; grows with the stake.")
    negotiate_step: float = par(0.5, "1", (0, 5), "Concession won by one negotiation.", off=0.0, prior=(0.25, 0.75))
    locate_price: float = par(60.0, "$/employee", (0, 1e5), "Finding advancers and blockers.")
    enough_buy_in: float = par(0.8, "1", (0, 1), "Buy-in above which nobody negotiates.")
    organize_price: float = par(5.0, "$/employee/month", (0, 1e5), "Programme office at full strictness.")
    priority: float = par(0.4, "1", (0, 1), "Share of competing load that strict priorities put off.", off=0.0)
    postponed_price: float = par(10.0, "$/employee/effort/month", (0, 1e5), "What postponed competing work costs.")
    stagger_months: float = par(3.0, "months", (0, 24), "Head start of the readier units.")
    channels: dict[str, Channel] = Field(default_factory=default_channels, description="Channels of communication.")
    message_trusted: float = par(0.5, "1", (0, 1), "How far people take announcements for true.", off=0.0)
    message_price: float = par(3.0, "$/employee/month", (0, 1e5), "Announcements at full volume.")
    checkpoint_price: float = par(10.0, "$/employee/checkpoint", (0, 1e5), "One checkpoint of one initiative.")
    checkpoint_months: float = par(6.0, "months", (1, 60), "Interval of checkpoints at a risk of 1.")
    risk_base: float = par(0.5, "1", (0, 5), "Risk of any initiative, which sets how often it is checked.")
    risk_difficulty: float = par(0.5, "1", (0, 5), "What its difficulty adds to its risk.", off=0.0)
    risk_politics: float = par(0.5, "1", (0, 5), "What its politics add to its risk.", off=0.0)
    check_from: float = par(0.5, "1", (0, 1), "Mean formal state from which a checkpoint looks for a gap.")
    yardstick: float = par(
        0.25, "1", (0, 1), "Share of a checkpoint's truth that needs customer insight as a yardstick.", off=0.0
    )
    gap_alarm: float = par(0.35, "1", (0, 1), "Unpractised share that a checkpoint takes for a problem.")
    blind_detection: float = par(0.3, "1", (0, 1), "Chance that a checkpoint sees a problem without feedback seeking.")
    answer_months: int = whole(4, "months", (1, 60), "How long an answer to a finding lasts.")
    boost: float = par(0.4, "1", (0, 1), "Support added where a checkpoint finds that people need help.", off=0.0)
    renegotiate: float = par(0.5, "1", (0, 1), "Intensity of negotiation, at least, while a checkpoint asks for it.")
    quiet: float = par(0.5, "1", (0, 1), "Share of announcements that stays while a checkpoint asks for quiet.")
    stop_below: float = par(0.05, "1", (0, 1), "Practised share below which a checkpoint stops an initiative.")
    stop_after: int = whole(4, "alarms", (1, 50), "Alarms after which a checkpoint stops an initiative.")
    support_price: float = par(20.0, "$/employee/month", (0, 1e5), "Help on the job at full intensity.")
    behaviour_price: float = par(4.0, "$/employee/month", (0, 1e5), "Each leadership behaviour at full intensity.")
    resources_price: float = par(15.0, "$/employee/month", (0, 1e5), "Resources at full intensity.")
    agents_price: float = par(4.0, "$/employee/month", (0, 1e5), "Marketing as change agent at full intensity.")
    agents_reach: float = par(
        0.20, "1/month", (0, 1), "Chance to hear of what all of marketing practises and carries along.", off=0.0
    )
    agents_example: float = par(
        0.25, "1", (0, 1), "How far what marketing practises counts like a colleague's example.", off=0.0
    )
    launch_price: float = par(60.0, "$/employee/launch", (0, 1e5), "One product launch.")
    research_price: float = par(25.0, "$/employee/launch", (0, 1e5), "Full research before a launch.")
    coaching_price: float = par(15.0, "$/employee/month", (0, 1e5), "Coaching of all leaders.")
    coaching_speed: float = par(
        0.03,
        "stages/month",
        (0, 0.5),
        "Progress of a coached leader.",
        off=0.0,
        grade="C",
        source="Vincent, Ward, Denson 2015: about ten months, within conventional stages",
        prior=(0.01, 0.05),
    )
    coaching_reach: float = par(1.0, "stages", (0, 3), "Furthest progress that coaching brings.")
    regression: float = par(0.01, "stages/month", (0, 0.5), "Regression per unit of pressure.", off=0.0)
    regression_reach: float = par(1.0, "stages", (0, 6), "Furthest below her first stage that a leader falls.")
    facilitator_price: float = par(5.0, "$/employee/month", (0, 1e5), "Outside facilitator.")
    facilitator_fidelity: float = par(
        0.7, "1", (0, 1), "Fidelity of diagnosis that a facilitator ensures.", off=0.0, prior=(0.5, 0.9)
    )
    paper_sharing: float = par(0.8, "share of requests", (0, 1), "Sharing that a plan on paper takes for granted.")
    decay: float = par(0.04, "1/month", (0, 1), "Erosion of installed design after a stop.", off=0.0)


class Stages(Parameters):
    """What is observable of the seven action logics, Opportunist to Alchemist. Each attribute acts once."""

    perspectives: tuple[float, ...] = by_stage(
        (0.0, 0.15, 0.25, 0.45, 0.75, 0.95, 1.0), "1", "Range of perspectives: threatened stakes become joint gains."
    )
    consultation: tuple[float, ...] = by_stage(
        (0, 0, 0, 0.5, 1.5, 2, 1.5), "months", "Months of consultation before a launch: the price of that range."
    )
    feedback: tuple[float, ...] = by_stage(
        (0.05, 0.1, 0.25, 0.45, 0.65, 0.9, 0.95),
        "1",
        "Feedback seeking: truth of diagnosis, at the price of attention.",
    )
    horizon: tuple[float, ...] = by_stage((6, 9, 12, 24, 36, 60, 60), "months", "Horizon in months: courage.")
    rigour: tuple[float, ...] = by_stage(
        (0.8, 0.9, 1.15, 1.1, 0.95, 1.0, 0.9), "1", "Technical rigour: speed of installation."
    )
    standards: tuple[float, ...] = by_stage((0.5, 0.4, 0.8, 0.9, 0.7, 0.85, 0.7), "1", "Propensity to set standards.")
    recognition: tuple[float, ...] = by_stage((0.2, 0.6, 0.4, 0.7, 0.8, 0.85, 0.9), "1", "Propensity to recognise.")
    obstacles: tuple[float, ...] = by_stage(
        (0.5, 0.1, 0.4, 0.6, 0.8, 0.85, 0.8), "1", "Propensity to remove obstacles."
    )
    modelling: tuple[float, ...] = by_stage(
        (0.1, 0.5, 0.3, 0.55, 0.7, 0.9, 0.95), "1", "Propensity to model the behaviour."
    )
    resources: tuple[float, ...] = by_stage(
        (0.3, 0.3, 0.5, 0.7, 0.6, 0.8, 0.7), "1", "Propensity to provide resources."
    )


class Programme(Parameters):
    """Everything that a strategy can buy."""

    initiatives: Annotated[dict[str, Initiative], AfterValidator(check_initiatives)] = Field(
        default_factory=default_initiatives
    )
    load: Load = Load()
    activities: Activities = Activities()
    stages: Stages = Stages()
