"""What a user sets about incentives, norms, leadership, governance and the market."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.params.field import Parameters, by_stage, par, whole


class PayMix(Parameters):
    """Variable pay by whose result earns it. Shares add up to 1."""

    individual: float = par(0.7, "share of variable pay", (0, 1), "Paid for own results.")
    silo: float = par(0.3, "share of variable pay", (0, 1), "Paid for the unit's results.")
    team: float = par(0.0, "share of variable pay", (0, 1), "Paid for results of a team across units.")
    customer: float = par(0.0, "share of variable pay", (0, 1), "Paid for customers' value or loyalty.")

    @model_validator(mode="after")
    def _sum(self) -> PayMix:
        total = self.individual + self.silo + self.team + self.customer
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares of a pay mix must add up to 1, got {total:g}; change the shares")
        return self


class Incentives(Parameters):
    """Pay in force before any programme."""

    name: str = Field("star performers", description="Name, for titles.")
    variable_share: float = par(0.25, "share of pay", (0, 0.8), "Share of pay that is variable.")
    mix: PayMix = PayMix()


class Norms(Parameters):
    """Information-sharing norms at the start."""

    name: str = Field("guarded", description="Name, for titles.")
    hostility: float = par(0.6, "1", (0, 1), "How far people who share are treated as traitors.")
    ties_across: int = whole(2, "ties", (0, 20), "Mean ties to colleagues in other silos.")
    disposition: float = par(0.0, "logit", (-3, 3), "Willingness to share beyond what the reference firm shows.")
    disposition_spread: float = par(
        0.894, "logit", (0, 3), "Differences between people in willingness to share.", prior=(0.6, 1.2),
        source="calibrated, but hardly told by any target: judgement",
    )  # fmt: skip
    feedback_visibility: float = par(0.25, "1", (0, 1), "Share of customers' reactions that staff get to see.")


STAGES = ("opportunist", "diplomat", "expert", "achiever", "individualist", "strategist", "alchemist")


class Leadership(Parameters):
    """Who leads, and how."""

    name: str = Field("conventional", description="Name, for titles.")
    ceo_stage: float = par(3.0, "stage 0-6", (0, 6), "Action logic of the chief executive (3 = Achiever).")
    coo_stage: float = par(2.0, "stage 0-6", (0, 6), "Action logic of the chief operating officer.")
    stage_shares: tuple[float, ...] = by_stage(
        (0.05, 0.12, 0.38, 0.30, 0.10, 0.04, 0.01),
        "share of leaders",
        "Shares of the seven action logics among the other leaders, Opportunist to Alchemist.",
        source="Rooke, Torbert 2005",
        grade="B",
    )
    everyday: float = par(
        0.25,
        "1",
        (0, 1),
        "How far leaders show each behaviour for a programme without being asked.",
        off=0.0,
        prior=(0.1, 0.4),
    )
    ceo_interest: float = par(0.3, "1", (-1, 1), "What the chief executive gains when power shifts to customers.")
    coo_interest: float = par(0.0, "1", (-1, 1), "The same for the chief operating officer.")
    vendor_interest: float = par(-0.4, "1", (-1, 1), "The same for the head of vendor relations.")
    interest_spread: float = par(0.25, "1", (0, 1), "Differences between leaders' interests beyond their posts.")
    power_concentration: float = par(
        0.45, "share of power", (0.05, 0.95), "Power held by CEO, COO and vendor relations."
    )
    top_power: tuple[float, ...] = Field(
        (0.55, 0.27, 0.18),
        min_length=3,
        max_length=3,
        description="Weights by which chief executive, chief operating officer and vendor relations divide that power.",
        json_schema_extra={"unit": "relative weight", "source": "judgement", "grade": "D"},
    )
    leader_exit_per_month: float = par(
        1 / 60,
        "1/month",
        (0, 0.5),
        "Hazard that a leader leaves.",
        source="judgement: a tenure of five years",
    )
    buy_in: float = par(
        0.35, "1", (0.02, 0.98), "Buy-in of a leader whose interests are untouched.", prior=(0.25, 0.45)
    )

    @model_validator(mode="after")
    def _sum(self) -> Leadership:
        if min(self.top_power) <= 0:
            raise ValueError(f"top_power must hold positive weights, got {self.top_power}; change them")
        if abs(sum(self.stage_shares) - 1) > 1e-6 or min(self.stage_shares) < 0:
            total = sum(self.stage_shares)
            raise ValueError(f"stage_shares must be non-negative and add up to 1, got a sum of {total:g}; change them")
        return self


class GovernanceTerms(Parameters):
    """Who is in charge of a customer, and on what terms (Peppers, Rogers, ch. 13)."""

    customer_share: float = par(
        0.0, "share of customers", (0, 1), "Customers inside the picket fence, by estimated value: they have an owner."
    )
    authority: float = par(0.7, "1", (0, 1), "How far an owner may adapt or block an offer.", off=0.0)
    accountability: float = par(
        0.7, "1", (0, 1), "How far an owner answers for her portfolio; beyond her authority it is a strain.", off=0.0
    )
    projected: float = par(
        0.5,
        "share of what she answers for",
        (0, 1),
        "Weight of projected three-year value; the rest is current revenue.",
    )
    capabilities: float = par(
        0.0, "share of product managers", (0, 1), "They supply owners as capabilities managers instead of pushing."
    )
    business_rules: float = par(0.0, "1", (0, 1), "How strictly rules filter offers to customers without an owner.")
    self_service: float = par(
        0.0, "share of customers", (0, 1), "Customers of lowest estimated value who are served by web and pool."
    )
    priority: float = par(0.0, "1", (0, 1), "How far owned customers are spared waiting, at the others' expense.")


class Governance(GovernanceTerms):
    """Relationship governance before any programme."""

    name: str = Field("product", description="Name, for titles.")
    span: float = par(4_000.0, "customers per manager", (1, 1e7), "Customers that one portfolio manager can own.")

    @property
    def mode(self) -> str:
        """Product, hybrid or customer management, by the share of customers inside the fence."""
        return "product" if self.customer_share == 0 else "customer" if self.customer_share == 1 else "hybrid"


class PlannedGovernance(GovernanceTerms):
    """Relationship governance that the portfolio initiative installs, behind a picket fence that widens."""

    customer_share: float = par(
        0.5, "share of customers", (0, 1), "Customers inside the picket fence once it has been widened."
    )
    first_share: float = par(0.5, "share of customers", (0, 1), "Customers inside the fence at first.")
    widen_months: int = whole(0, "months", (0, 600), "Months from launch until the fence has been widened.")
    capabilities: float = par(
        0.5, "share of product managers", (0, 1), "They supply owners as capabilities managers instead of pushing."
    )
    business_rules: float = par(0.5, "1", (0, 1), "How strictly rules filter offers to customers without an owner.")

    @model_validator(mode="after")
    def _widens(self) -> PlannedGovernance:
        if self.widen_months and self.first_share > self.customer_share:
            raise ValueError(f"first_share must not exceed customer_share, got {self.first_share:g}; a fence widens")
        return self


class Market(Parameters):
    """Customers' surroundings."""

    name: str = Field("stable", description="Name, for titles.")
    contact_rate: float = par(0.35, "1/month", (0, 3), "Contacts per customer and month.", off=0.0)
    complexity: float = par(
        0.293, "1", (0, 1), "Chance that a need involves one further silo, drawn twice.", off=0.0, grade="C",
        source="calibrated: first-contact resolution about 70% (SQM), together with handling",
    )  # fmt: skip
    competitor_pull: float = par(1.0, "hazard ratio", (0, 5), "What competitors do to the hazard of leaving.", off=0.0)
    imitation: float = par(
        0.02, "1/month", (0, 1), "Speed with which rivals match better service.", off=0.0, prior=(0.005, 0.04)
    )
    expectation_drift: float = par(0.0, "1/month", (-0.05, 0.05), "Rise of what customers expect.", off=0.0)
    product_quality: float = par(0.5, "1", (0, 1), "Quality of the products against rivals' (.5 = equal).")
    shock_month: int = whole(-1, "month", (-1, 600), "Month in which a competitor attacks; -1 = never.")
    shock_size: float = par(0.5, "hazard ratio", (0, 5), "Rise of competitors' pull during the attack.")
    shock_months: int = whole(18, "months", (1, 600), "Months that the attack lasts if unanswered.")
    notice_months: float = par(12.0, "months", (0, 120), "Time until a firm that does not look notices an attack.")
    answer_effect: float = par(0.5, "1", (0, 1), "Share of an attack that a counter-offer takes away.", off=0.0)
    answer_price: float = par(0.5, "$/customer/month", (0, 1e5), "Cost of the counter-offer while the attack lasts.")
    referral: float = par(0.3, "1", (0, 5), "Rise of acquisition when the share of advocates doubles.", off=0.0)
    investor_pressure: float = par(1.0, "1", (0, 5), "How hard shareholders press when profit falls short.")
