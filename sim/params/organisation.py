"""The organisation as it stands before any programme: units, people, customers, money, culture."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from sim.errors import InputError
from sim.params.field import Parameters, par, whole
from sim.params.strategy import INITIATIVES

SMALLEST_UNIT = 2  # staff: one who meets customers and one who does not


class Function(StrEnum):
    """What a silo does."""

    PRODUCT = "product"
    SERVICE = "service"
    MARKETING = "marketing"
    SUPPORT = "support"


class Silo(Parameters):
    """A business unit."""

    function: Function = Field(Function.PRODUCT, description="What the unit does.")
    headcount_share: float = par(0.2, "share of employees", (0.001, 1), "Share of all employees who work here.")
    home_share: float = par(0.0, "share of customers", (0, 1), "Share of customers whose home unit this is.")
    front_line_share: float = par(0.5, "share of unit", (0, 1), "Share of the unit's staff who meet customers.")
    manager_effect: float = par(
        0.0,
        "logit",
        (-1, 1),
        "How far the unit's manager lifts or lowers engagement.",
    )
    interest: float = par(
        0.0,
        "1",
        (-1, 1),
        "What the unit's leader stands to gain (+) or lose (-) when politics shift to customers.",
    )


class Trait(Parameters):
    """A trait of the culture that advances or blocks initiatives."""

    formal: bool = Field(False, description="Written down (values statement, chart, procedure) or lived.")
    strength: float = par(0.5, "1", (0, 1), "How strongly the trait is held in every unit at the start.")
    signs: dict[str, Annotated[float, Field(ge=-1, le=1)]] = Field(
        default_factory=dict, description="Initiative -> -1 (advances) to +1 (blocks); missing means no bearing."
    )

    @field_validator("signs")
    @classmethod
    def _known(cls, signs: dict[str, float]) -> dict[str, float]:
        for name in signs:
            if name not in INITIATIVES:
                raise ValueError(f"unknown initiative, got {name}; choose from {', '.join(INITIATIVES)}")
        return signs


class Employees(Parameters):
    """How many people there are and what they are like at the start."""

    number: int = whole(600, "agents", (12, 200000), "Employee agents.")
    weight: float = par(4.0, "employees per agent", (0.01, 1e6), "Real employees that one agent stands for.")
    portfolio_manager_share: float = par(
        0.06, "share of unit", (0, 0.5), "Staff of product units and of units with customers able to own portfolios."
    )
    product_manager_share: float = par(0.10, "share of product staff", (0, 0.5), "Product staff who plan offers.")
    skill: float = par(0.5, "1", (0, 1), "Mean customer skill at the start.")
    newcomer_skill: float = par(
        0.35,
        "1",
        (0, 1),
        "Customer skill of a newcomer.",
    )
    belief: float = par(0.30, "1", (0, 1), "Mean outside-in belief, and what gravity pulls back to.")
    belief_spread: float = par(0.12, "1", (0, 0.5), "Standard deviation of the belief that people return to.")
    ties_inside: int = whole(8, "ties", (1, 60), "Mean ties to colleagues in the own silo.")
    ties_team: int = whole(
        3, "ties", (0, 20), "Mean ties to colleagues in other silos that count as far as teams are practised."
    )


class Segment(Parameters):
    """A customer segment. Its proneness to leave is fitted to the retention table, never typed in."""

    share: float = par(0.5, "share of customers", (0.001, 1), "Share of the customer base at the start.")
    contract: str = Field("open", pattern="^(open|term|performance)$", description="Kind of contract.")
    spend_median: float = par(75.0, "$/month", (0.01, 1e8), "Median spend potential.")
    spend_spread: float = par(0.5, "log", (0, 2), "Standard deviation of the logarithm of spend potential.")


class Customers(Parameters):
    """How many customers there are and where their proneness to leave comes from."""

    number: int = whole(20000, "agents", (50, 20000000), "Customer agents in the market: customers and prospects.")
    weight: float = par(100.0, "customers per agent", (0.001, 1e6), "Real customers that one agent stands for.")
    occupied: float = par(0.70, "share of market", (0.05, 0.95), "Share of the market that are customers at the start.")
    retention_table: str = Field(
        "fader_hardie_2007.csv",
        description="CSV with columns segment, year, share_surviving.",
        json_schema_extra={"unit": "file", "source": "Fader, Hardie 2007, years 1-7", "grade": "B"},
    )
    fit_years: int = whole(
        7,
        "years",
        (2, 100),
        "Years of the table used for the fit; later ones check it.",
        source="Fader, Hardie 2007: years used there",
        grade="B",
    )
    segments: dict[str, Segment] = Field(default_factory=dict, min_length=1, max_length=127)
    horizon_years: float = par(
        12.0,
        "years",
        (1, 100),
        "Tenure beyond which the table says nothing and relationships end naturally.",
        source="Fader, Hardie 2007: length of the table",
        grade="C",
    )
    natural_end_per_month: float = par(
        0.0586,
        "1/month",
        (1e-3, 1),
        "Hazard of a natural end (move, death, closure) beyond that tenure.",
        source="calibrated: churn of 1.7-2.3% a month (US carriers 2006-07)",
        grade="C",
    )
    cost_to_serve_spread: float = par(0.5, "log", (0, 2), "Spread of what a contact costs between customers.")
    estimate_error: float = par(0.8, "log", (0, 3), "Error of the enterprise's value estimate when it knows nothing.")

    @model_validator(mode="after")
    def _shares(self) -> Customers:
        total = sum(s.share for s in self.segments.values())
        if self.segments and abs(total - 1) > 1e-6:
            raise ValueError(f"segment shares must add up to 1, got {total:g}; change the shares")
        return self


class Economics(Parameters):
    """Prices of the unchanged business."""

    margin: float = par(0.45, "share of revenue", (0.01, 0.99), "Contribution margin on customers' spend.")
    wage: float = par(5_900.0, "$/employee/month", (0, 1e6), "Full cost of an employee.")
    contact_cost: float = par(
        6.0,
        "$/contact",
        (0, 1e5),
        "Cost of handling one contact.",
        source="judgement: order of magnitude in call centres",
    )
    acquisition_cost: float = par(
        250.0,
        "$/customer",
        (0, 1e7),
        "Cost of winning one customer.",
        source="judgement: order of magnitude for a mobile carrier",
    )
    turnover_cost: float = par(
        12_000.0,
        "$/leaver",
        (0, 1e7),
        "Cost of replacing one employee.",
        source="judgement: order of magnitude, some months' pay",
    )
    annual_discount: float = par(0.12, "1/year", (0.001, 1), "Discount rate.", source="judgement (specification)")
    depreciation_months: int = whole(
        36, "months", (1, 240), "Life of capitalised programme spending.", source="judgement: life of software"
    )

    @property
    def monthly_discount(self) -> float:
        """Monthly rate that compounds to the annual one."""
        return float((1 + self.annual_discount) ** (1 / 12) - 1)


class Board(Parameters):
    """When shareholders' pressure ends a programme."""

    pressure_gain: float = par(
        12.0,
        "1",
        (0, 100),
        "Pressure per share of revenue by which profit misses its old level: losing a third of an "
        "eleven-per-cent profit strains an Achiever's courage.",
        off=0.0,
        prior=(6.0, 18.0),
    )
    pressure_smoothing: float = par(0.2, "1/month", (0.01, 1), "Speed with which pressure follows the gap.")
    stop_rate: float = par(
        0.25, "1/month", (0, 5), "Rate of stopping per unit of pressure above courage.", off=0.0, prior=(0.1, 0.5)
    )
    courage_base: float = par(0.10, "1", (0, 5), "Pressure that any board stands.", prior=(0.0, 0.2))
    courage_horizon: float = par(
        0.50, "1", (0, 5), "Courage added by a chief executive with a five-year horizon.", off=0.0, prior=(0.2, 0.8)
    )
    courage_belief: float = par(
        0.25, "1", (0, 5), "Courage added by a chief executive who fully believes.", off=0.0, prior=(0.0, 0.5)
    )


class Organisation(Parameters):
    """The organisation before any programme."""

    name: str = Field("Organisation", min_length=1, max_length=80, description="Name, for titles.")
    silos: dict[str, Silo] = Field(default_factory=dict, min_length=2, max_length=127)
    employees: Employees = Employees()
    customers: Customers = Customers.model_construct()
    economics: Economics = Economics()
    board: Board = Board()
    traits: dict[str, Trait] = Field(default_factory=dict)
    maturity: float = par(0.5, "1", (0, 1), "Age and size of the firm, as far as they pull belief inwards.")
    background_load: float = par(
        0.8, "effort", (0, 10), "Effort of other initiatives that already run.", prior=(0.4, 1.2)
    )
    background_help: float = par(
        0.0,
        "1",
        (0, 1),
        "How far other initiatives that run already support the plan, as help on the job.",
        off=0.0,
    )
    budget_month: int = whole(0, "month of the year", (0, 11), "Month of the year in which budgets are released.")

    @model_validator(mode="after")
    def _shares(self) -> Organisation:
        if not self.customers.segments:
            raise ValueError("customers.segments must hold at least one segment, got none; add one")
        heads = sum(s.headcount_share for s in self.silos.values())
        if abs(heads - 1) > 1e-6:
            raise ValueError(f"headcount shares of the silos must add up to 1, got {heads:g}; change the shares")
        home = [s for s in self.silos.values() if s.home_share > 0]
        if abs(sum(s.home_share for s in home) - 1) > 1e-6:
            total = sum(s.home_share for s in home)
            raise ValueError(f"home shares of the silos must add up to 1, got {total:g}; change the shares")
        for name, silo in self.silos.items():
            if silo.home_share > 0 and silo.front_line_share == 0:
                raise ValueError(f"a home unit needs front-line staff, got none in {name}; raise its front_line_share")
        return self

    @model_validator(mode="after")
    def _enough_staff(self) -> Organisation:
        fewest = SMALLEST_UNIT * len(self.silos)
        if self.employees.number < fewest:
            rule = f"must be at least {SMALLEST_UNIT} for each of the {len(self.silos)} units"
            advice = f"give {fewest} or more (each may stand for fewer real ones: employees.weight), or fewer units"
            raise InputError("organisation.employees.number", rule, self.employees.number, advice)
        return self
