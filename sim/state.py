"""Everything that changes during a run, in one object that can be copied: a fork of it is a fork of the world."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field
from operator import itemgetter
from types import SimpleNamespace
from typing import Annotated, Any, NamedTuple

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
N_CONTACTS, NEEDS, FIRST_TIME, CLOSING_CONTACTS, HANDOFFS, HANDOFFS_DONE, WON = range(7)
OFFERS_MADE, OFFERS_FIT, COLLISIONS, ACTS, JOINED, LEFT, CUSTOMERS, ADVOCATES = range(7, 15)
SATISFACTION, TRUST, WALLET, KNOWLEDGE, MARGIN_BASE, SATISFIED, LEFT_SATISFIED = range(15, 22)
NATURAL, COVERED, RECOVERED, SERVICE_COST, TRIGGERS, GROSS, RESPONSES, WORK = range(22, 30)
BLOCKED, ADAPTED, OWN_OFFERS, WEB_SERVED, RELEASED, PARTICIPATION, COMMITMENT = range(30, 37)
N_TALLIES = 37

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
    """The numbers of every rule as tables of one numpy record under the names of `Rules`, for compiled code."""


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

    risk_ratio: Annotated[F64, "[segment]: mean of exp(risk index) among its customers"]
    satisfaction: Annotated[float, "mean satisfaction"] = 0.6
    trust: Annotated[float, "mean trust"] = 0.6
    advocates: Annotated[float, "share of customers who are advocates"] = 0.1
    profit: Annotated[float, "profit, $/month"] = 0.0
    revenue: Annotated[float, "revenue, $/month"] = 1.0
    months: Annotated[int, "months of the burn-in counted so far"] = 0


@dataclass
class Plan:
    """Where the programme stands, per initiative."""

    due: Annotated[I32, "[initiative]: month of launch, -1 not in the plan"]
    launched: Annotated[I32, "[initiative]: month in which it was launched, -1 not yet"]
    started: Annotated[I32, "[silo, initiative]: month in which the unit starts, -1 not yet"]
    paid: Annotated[F64, "[silo, initiative]: months of price already paid"]
    delay: Annotated[I32, "[silo]: months by which the unit starts after the launch, NEVER = not at all"]
    installed: Annotated[I32, "[silo, initiative]: month in which it was formally in place, -1 not yet"]
    paused_until: Annotated[I32, "[initiative]: month up to which a checkpoint pauses it"]
    closed: Annotated[I32, "[initiative]: 1 if a checkpoint or the board ended it"]
    next_check: Annotated[F64, "[initiative]: month of the next checkpoint"]
    alarms: Annotated[I32, "[initiative]: problems that checkpoints have found"]
    believed: Annotated[float, "believed effort as a share of true effort"] = 0.6
    accuracy: Annotated[float, "accuracy of the diagnosis, 0-1"] = 0.0
    drawn_up: Annotated[bool, "True from month 0 if the strategy does anything at all"] = False
    stopped_month: Annotated[int, "month in which the board stopped the programme, -1 not"] = -1
    quiet_until: Annotated[int, "month up to which announcements are reduced"] = -1
    support_until: Annotated[int, "month up to which support is raised"] = -1
    negotiate_until: Annotated[int, "month up to which negotiation is taken up again"] = -1
    pending_resources: Annotated[float, "large moves of resources as decided in the last budget month"] = 0.0
    postponed: Annotated[set[int], "initiatives that Organize holds back or has held back"] = field(default_factory=set)

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

    design: Annotated[F64, "[silo, initiative]: practised design D"]
    behaviours: Annotated[F64, "[silo, 5]: leaders' behaviours as seen by the unit's staff"]
    standards_full: Annotated[F64, "[silo]: standards that full buy-in would show"]
    pay: Annotated[F64, "[silo, 4]: pay mix in force"]
    blockers: Annotated[F64, "[silo, initiative]: what the culture holds against it (negative: it is advanced)"]
    unit_load: Annotated[F64, "[silo]: load of change"]
    unit_overload: Annotated[F64, "[silo]: load beyond capacity, as a share of capacity"]
    governance: Annotated[F64, "[silo, term]: terms of relationship governance in force, see `GOVERNANCE`"]
    fence: Annotated[F64, "[silo]: share of customers inside the picket fence"]
    agents: Annotated[F64, "[initiative]: how far marketing practises and carries it into other units"]
    load: Annotated[float, "mean load over staff"] = 0.0
    capacity: Annotated[float, "load that people can carry"] = 1.0
    overload: Annotated[float, "mean overload over staff"] = 0.0
    support: Annotated[float, "help on the job for those who try"] = 0.0
    words: Annotated[float, "volume of one-way words"] = 0.0
    two_way: Annotated[float, "two-way communication"] = 0.0
    reach: Annotated[float, "reach of messages"] = 0.0
    trusted_reach: Annotated[float, "reach of messages that people take for true"] = 0.0
    pull: Annotated[float, "what competitors do to the hazard of leaving, ratio"] = 1.0
    noticed: Annotated[bool, "True while an attack is being answered"] = False
    rival: Annotated[float, "how far rivals have matched better service"] = 0.0
    gap: Annotated[float, "profit missing, share of revenue, smoothed"] = 0.0
    pressure: Annotated[float, "shareholders' pressure"] = 0.0
    act_threshold: Annotated[float, "estimated hazard above which a retention act is offered"] = 0.05
    advocates: Annotated[float, "share of customers, last month"] = 0.1

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

    total: Annotated[float, "customer equity"] = 0.0
    acquired: Annotated[float, "lifetime values of those who joined"] = 0.0
    lost: Annotated[float, "lifetime values of those who left, negative"] = 0.0
    retained: Annotated[float, "change among those who stayed, by their proneness to leave"] = 0.0
    grown: Annotated[float, "change among those who stayed, by what they bring in a month"] = 0.0


ACCOUNTS = (
    "cash", "programme_asset", "revenue", "cost_of_sales", "people", "contacts", "acquisition", "turnover",
    "programme", "diagnosis", "negotiation", "office", "messages", "checkpoints", "support",
    "behaviours", "coaching", "facilitator", "change_agents", "launches", "moments", "retention_acts",
    "counter_offers", "depreciation",
)  # fmt: skip

RESULTS = tuple(account for account in ACCOUNTS if account not in ("cash", "programme_asset"))

# What a strategy itself makes the firm pay, beside the capital part of initiatives. Retention acts and counter-offers
# are not among it: they are how the firm deals with customers from day to day, whoever causes them.
PROGRAMME = (
    "programme", "diagnosis", "negotiation", "office", "messages", "checkpoints", "support", "behaviours", "coaching",
    "facilitator", "change_agents", "launches", "moments",
)  # fmt: skip

# Which of the three investments in a market-responsive culture a running cost is; initiatives say it themselves.
INVESTMENTS = {
    **dict.fromkeys(("negotiation", "messages", "behaviours", "coaching", "change_agents"), Investment.ATTENTION),
    **dict.fromkeys(("diagnosis", "facilitator", "checkpoints", "moments", "retention_acts"), Investment.UNDERSTANDING),
    **dict.fromkeys(("support", "office"), Investment.SKILLS),
}
_RESULTS, _PROGRAMME = itemgetter(*RESULTS), itemgetter(*PROGRAMME)
NOTHING_POSTED = dict.fromkeys(ACCOUNTS, 0.0)
NOTHING_INVESTED: dict[str, float] = dict.fromkeys(Investment, 0.0)


@dataclass
class Ledger:
    """Double-entry book of one run: every posting debits one account and credits another."""

    month: dict[str, float] = field(default_factory=NOTHING_POSTED.copy)
    total: dict[str, float] = field(default_factory=NOTHING_POSTED.copy)
    capital_month: float = 0.0  # capital spending of the month, $
    invested: dict[str, float] = field(default_factory=NOTHING_INVESTED.copy)  # in the month, $
    assets: list[list[float]] = field(default_factory=list)  # [depreciation per month, months left]

    def open_month(self) -> None:
        """Start the month's columns at zero."""
        self.month = NOTHING_POSTED.copy()
        self.capital_month = 0.0
        self.invested = NOTHING_INVESTED.copy()

    def post(self, debit: str, credit: str, amount: float) -> None:
        """Debit one account and credit another with the same dollars."""
        month, total = self.month, self.total
        month[debit] += amount
        month[credit] -= amount
        total[debit] += amount
        total[credit] -= amount

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
        for part, _ in self.assets:
            self.post("depreciation", "programme_asset", part)
        self.assets = [[part, left - 1] for part, left in self.assets if left > 1]

    def write_off(self) -> None:
        """Assets of a stopped programme are worth nothing."""
        for part, left in self.assets:
            self.post("depreciation", "programme_asset", part * left)
        self.assets = []

    @property
    def programme_cost(self) -> float:
        """What the strategy made the firm pay in the month, capital spending included, $."""
        return math.fsum(_PROGRAMME(self.month)) + self.capital_month

    @property
    def cash(self) -> float:
        """Cash flow of the month, $."""
        return self.month["cash"]

    @property
    def profit(self) -> float:
        """Profit of the month, $: everything but cash and assets, with the sign of a gain."""
        return -math.fsum(_RESULTS(self.month))


@dataclass
class State:
    """The world at the start of a month."""

    month: Annotated[int, "month since the start of the burn-in, 0 first"]
    customers: Annotated[Customers, "one row per slot of the market"]
    employees: Annotated[Employees, "one row per employee"]
    silos: Annotated[Silos, "one row per unit"]
    leaders: Annotated[Leaders, "one row per leader"]
    network: Annotated[Network, "ties between employees"]
    tally: Annotated[Tally, "counts of the month's customer phases"]
    why: Annotated[Why, "contributions of every term of the four decisions"]
    plan: Annotated[Plan, "where the programme stands"]
    climate: Annotated[Climate, "what surrounds people this month"]
    normal: Annotated[Normal, "what was usual before month 0"]
    ledger: Annotated[Ledger, "double-entry book"]
    equity: Annotated[Equity, "customer equity and what moved it"]
    events: Annotated[list[Event], "log in plain words"]
    intercept: Annotated[float, "intercept of the sharing decision"]
    entry: Annotated[F64, "[segment]: monthly chance that an average prospect joins"]
    skill_top: Annotated[float, "skill that staff grow towards on the job"]
    usual_knowledge: Annotated[F64, "[month of tenure]: relationship knowledge in the unchanged organisation"]

    def fork(self) -> State:
        """Independent copy; only the ties, which never change, are shared."""
        known: dict[int, Any] = {id(self.network): self.network}  # what `deepcopy` need not go through by column
        for table in (self.customers, self.employees, self.silos, self.leaders, self.tally, self.why):
            known[id(table)] = type(table)._make(column.copy() for column in table)
        return copy.deepcopy(self, known)
