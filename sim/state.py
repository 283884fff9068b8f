"""Everything that changes during a run, in one object that can be copied: a fork of it is a fork of the world."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from sim.columns import F64, I32, Customers, Employees, Leaders, Network, Silos
from sim.params.behaviour import Adoption, Belief, BuyIn, Credibility, Engagement, Moments, Sharing
from sim.params.customers import Acquisition, Churn, Experience, Information, Offers, Service
from sim.params.field import record
from sim.params.organisation import Board, Economics
from sim.params.organisation import Customers as CustomerParameters
from sim.params.organisation import Employees as EmployeeParameters
from sim.params.programme import Activities, Investment, Load
from sim.params.scenario import Scenario
from sim.params.settings import Governance, Leadership, Market, Norms
from sim.params.strategy import BEHAVIOURS, N_INITIATIVES

CHUNK = 65_536  # customers per chunk: depends on nothing, so sums never depend on threads

# Counts that the customer phases make per unit and month (columns of `Tally.silos`).
N_CONTACTS, NEEDS, FIRST_TIME, CLOSED, CLOSING_CONTACTS, HANDOFFS, HANDOFFS_DONE, WON = range(8)
OFFERS_MADE, OFFERS_FIT, COLLISIONS, ACTS, JOINED, LEFT, CUSTOMERS, ADVOCATES = range(8, 16)
SATISFACTION, TRUST, WALLET, KNOWLEDGE, MARGIN_BASE, SATISFIED, LEFT_SATISFIED = range(16, 23)
NATURAL, COVERED, RECOVERED, SERVICE_COST, TRIGGERS, GROSS, RESPONSES, WORK = range(23, 31)
BLOCKED, ADAPTED, OWN_OFFERS, WEB_SERVED, RELEASED, PARTICIPATION = range(31, 37)
COMMITMENT = 37
N_TALLIES = 38

# Sums per segment and month (columns of `Tally.segments`).
RISK_RATIO, MEMBERS = range(2)

# Counts per employee (columns of `Tally.staff`).
HANDLED, STAFF_WON, ASKED, DROPPED = range(4)

ADOPTION_TERMS = (
    "base", "belief", "peers", "standards", "buy-in", "credibility", "payoff", "skill", "blockers", "difficulty",
    "foundation", "support", "overload",
)  # fmt: skip
SHARING_TERMS = ("norm", "incentives", "hostility", "belief", "modelling")
BELIEF_TERMS = ("neighbours", "success", "modelling", "messages", "culture", "gravity")
ENGAGEMENT_TERMS = ("wins", "fails", "recognition", "autonomy", "overload", "voice", "powerless")


class Tally(NamedTuple):
    """What a month's customer phases count, per chunk and in fixed order."""

    silos: F64  # [chunk, silo, N_TALLIES]
    staff: F64  # [chunk, employee, 4]
    segments: F64  # [chunk, segment, 2]


class Why(NamedTuple):
    """Signed contributions of every term of the four decisions, sums over the month per unit."""

    adoption: F64  # [silo, term + 1]: sums, the last column counts decisions
    sharing: F64
    belief: F64
    engagement: F64


class Rules(NamedTuple):
    """The parameter models of every rule, by the names under which rules know them."""

    sharing: Sharing
    adoption: Adoption
    belief: Belief
    moments: Moments
    engagement: Engagement
    credibility: Credibility
    buy_in: BuyIn
    service: Service
    experience: Experience
    churn: Churn
    information: Information
    offers: Offers
    acquisition: Acquisition
    load: Load
    activities: Activities
    market: Market
    employees: EmployeeParameters
    customers: CustomerParameters
    economics: Economics
    board: Board
    governance: Governance
    norms: Norms
    leadership: Leadership


def rules_of(scenario: Scenario) -> Rules:
    """The parameter models of one scenario by the names under which rules know them."""
    b, c, organisation = scenario.behaviour, scenario.customers, scenario.organisation
    return Rules(
        b.sharing, b.adoption, b.belief, b.moments, b.engagement, b.credibility, b.buy_in,
        c.service, c.experience, c.churn, c.information, c.offers, c.acquisition,
        scenario.programme.load, scenario.programme.activities, scenario.market, organisation.employees,
        organisation.customers, organisation.economics, organisation.board, scenario.governance, scenario.norms,
        scenario.leadership,
    )  # fmt: skip


class Records(SimpleNamespace):
    """The numbers of every rule as numpy records under the names of `Rules`, for compiled code."""


def records_of(rules: Rules) -> Records:
    """Records of all rules."""
    return Records(**{name: record(model) for name, model in rules._asdict().items()})


@dataclass(frozen=True)
class Event:
    """One line of the log, in plain words."""

    month: int
    kind: str
    subject: str
    text: str


@dataclass
class Normal:
    """What was usual in the unchanged organisation: followed during the burn-in, frozen at month 0."""

    risk_ratio: F64  # [segment]: mean of exp(risk index) among its customers
    satisfaction: float = 0.6
    trust: float = 0.6
    advocates: float = 0.1  # share of customers
    profit: float = 0.0  # $/month
    revenue: float = 1.0  # $/month
    months: int = 0


@dataclass
class Plan:
    """Where the programme stands, per initiative."""

    due: I32  # month of launch, -1 not in the plan
    launched: I32  # month, -1 not yet
    started: I32  # [silo, initiative]: month in which the unit starts, -1 not yet
    paid: F64  # [silo, initiative]: months of price already paid
    delay: I32  # [silo]: months by which the unit starts after the launch, NEVER = not at all
    installed: I32  # [silo, initiative]: month in which it was formally in place, -1 not yet
    paused_until: I32
    closed: I32  # 1 if a checkpoint or the board ended it
    next_check: F64
    alarms: I32
    believed: float = 0.6  # believed effort as a share of true effort
    accuracy: float = 0.0  # of the diagnosis
    drawn_up: bool = False
    stopped_month: int = -1
    quiet_until: int = -1
    support_until: int = -1
    negotiate_until: int = -1
    pending_resources: float = 0.0
    postponed: set[int] = field(default_factory=set)

    @classmethod
    def empty(cls, n_silos: int) -> Plan:
        """No programme."""
        none = np.full(N_INITIATIVES, -1, np.int32)
        zero = np.zeros(N_INITIATIVES, np.int32)
        started = np.full((n_silos, N_INITIATIVES), -1, np.int32)
        ints = [none.copy() for _ in range(2)]
        return cls(
            ints[0], ints[1], started, np.zeros((n_silos, N_INITIATIVES)), np.zeros(n_silos, np.int32),
            started.copy(), none.copy(), zero.copy(), np.zeros(N_INITIATIVES), zero.copy(),
        )  # fmt: skip


GOVERNANCE = ("authority", "accountability", "projected", "capabilities", "business_rules", "self_service", "priority")
AUTHORITY, ACCOUNTABILITY, PROJECTED, CAPABILITIES, BUSINESS_RULES, SELF_SERVICE, PRIORITY = range(7)


@dataclass
class Climate:
    """What surrounds people this month: set by one phase, read by later ones."""

    design: F64  # [silo, initiative]: practised design D
    behaviours: F64  # [silo, 5] as seen by the unit's staff
    standards_full: F64  # [silo]: standards that full buy-in would show
    pay: F64  # [silo, 4]: mix in force
    blockers: F64  # [silo, initiative]
    unit_load: F64  # [silo]
    unit_overload: F64  # [silo]
    governance: F64  # [silo, term]: terms of relationship governance in force, see `GOVERNANCE`
    fence: F64  # [silo]: share of customers inside the picket fence
    agents: F64  # [initiative]: how far marketing practises and carries it into other units
    load: float = 0.0
    capacity: float = 1.0
    overload: float = 0.0
    support: float = 0.0
    words: float = 0.0
    two_way: float = 0.0
    reach: float = 0.0  # of messages
    trusted_reach: float = 0.0  # of messages that people take for true
    pull: float = 1.0  # competitors
    noticed: bool = False  # an attack is being answered
    rival: float = 0.0  # how far rivals have matched better service
    gap: float = 0.0  # profit missing, share of revenue, smoothed
    pressure: float = 0.0
    act_threshold: float = 0.05  # estimated hazard above which a retention act is offered
    advocates: float = 0.1  # share of customers, last month

    @classmethod
    def calm(cls, n_silos: int) -> Climate:
        """Nothing is going on."""
        return cls(
            np.zeros((n_silos, N_INITIATIVES)), np.zeros((n_silos, len(BEHAVIOURS))), np.zeros(n_silos),
            np.zeros((n_silos, 4)), np.zeros((n_silos, N_INITIATIVES)), np.zeros(n_silos), np.zeros(n_silos),
            np.zeros((n_silos, len(GOVERNANCE))), np.zeros(n_silos), np.zeros(N_INITIATIVES),
        )  # fmt: skip


@dataclass
class Equity:
    """Customer equity at the end of the month and what moved it, $ per represented customers; the parts add up."""

    total: float = 0.0
    acquired: float = 0.0  # lifetime values of those who joined
    lost: float = 0.0  # lifetime values of those who left, negative
    retained: float = 0.0  # change among those who stayed, by their proneness to leave
    grown: float = 0.0  # change among those who stayed, by what they bring in a month


ACCOUNTS = (
    "cash", "programme_asset", "revenue", "cost_of_sales", "people", "contacts", "acquisition", "turnover",
    "programme", "diagnosis", "negotiation", "office", "messages", "checkpoints", "support",
    "behaviours", "coaching", "facilitator", "change_agents", "launches", "moments", "retention_acts",
    "counter_offers", "depreciation",
)  # fmt: skip

# Which of the three investments in a market-responsive culture a running cost is; initiatives say it themselves.
INVESTMENTS = {
    **dict.fromkeys(("negotiation", "messages", "behaviours", "coaching", "change_agents"), Investment.ATTENTION),
    **dict.fromkeys(("diagnosis", "facilitator", "checkpoints", "moments", "retention_acts"), Investment.UNDERSTANDING),
    **dict.fromkeys(("support", "office"), Investment.SKILLS),
}


@dataclass
class Ledger:
    """Double-entry book of one run: every posting debits one account and credits another."""

    month: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0.0))
    total: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0.0))
    capital_month: float = 0.0  # capital spending of the month, $
    invested: dict[str, float] = field(default_factory=lambda: dict.fromkeys(Investment, 0.0))  # in the month, $
    assets: list[list[float]] = field(default_factory=list)  # [depreciation per month, months left]

    def open_month(self) -> None:
        """Start the month's columns at zero."""
        self.month = dict.fromkeys(ACCOUNTS, 0.0)
        self.capital_month = 0.0
        self.invested = dict.fromkeys(Investment, 0.0)

    def post(self, debit: str, credit: str, amount: float) -> None:
        """Debit one account and credit another with the same dollars."""
        for book in (self.month, self.total):
            book[debit] += amount
            book[credit] -= amount

    def spend(self, account: str, amount: float, kind: str | None = None) -> None:
        """Pay a running cost in cash; `kind` tells which investment it is where the account does not."""
        self.post(account, "cash", amount)
        kind = kind or INVESTMENTS.get(account)
        if kind:
            self.invested[kind] += amount

    def invest(self, amount: float, life_months: int, kind: str) -> None:
        """Pay capital spending in cash; it becomes an asset that depreciates in equal parts over its life."""
        self.post("programme_asset", "cash", amount)
        self.invested[kind] += amount
        self.capital_month += amount
        self.assets.append([amount / life_months, life_months])

    def depreciate(self) -> None:
        """Book the month's part of every asset."""
        for asset in self.assets:
            self.post("depreciation", "programme_asset", asset[0])
            asset[1] -= 1
        self.assets = [asset for asset in self.assets if asset[1] > 0]

    def write_off(self) -> None:
        """Assets of a stopped programme are worth nothing."""
        for part, months in self.assets:
            self.post("depreciation", "programme_asset", part * months)
        self.assets = []

    @property
    def cash(self) -> float:
        """Cash flow of the month, $."""
        return self.month["cash"]

    @property
    def profit(self) -> float:
        """Profit of the month, $: everything but cash and assets, with the sign of a gain."""
        return -sum(v for k, v in self.month.items() if k not in ("cash", "programme_asset"))


@dataclass
class State:
    """The world at the start of a month."""

    month: int  # absolute: 0 is the first month of the burn-in
    customers: Customers
    employees: Employees
    silos: Silos
    leaders: Leaders
    network: Network
    tally: Tally
    why: Why
    plan: Plan
    climate: Climate
    normal: Normal
    ledger: Ledger
    equity: Equity
    events: list[Event]
    intercept: float  # of the sharing decision
    entry: F64  # [segment]: monthly chance that an average prospect joins
    skill_top: float  # skill that staff grow towards on the job
    usual_knowledge: F64  # [month of tenure]: relationship knowledge in the unchanged organisation

    def fork(self) -> State:
        """Independent copy; only the ties, which never change, are shared."""
        network, self.network = self.network, None  # type: ignore[assignment]
        try:
            twin = copy.deepcopy(self)
        finally:
            self.network = network
        twin.network = network
        return twin
