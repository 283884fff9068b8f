"""What a plan is planned to cost: list prices times what it says, before anything is run.

The account names are those of the model's books, so that a plan's budget can be set beside what it paid. What nobody
can know beforehand is left out (answers of checkpoints, foundations that a diagnosis finds, launches put off by the
programme office, a stop by the board) or taken at its usual size (one negotiation a month at the price without threat,
a Moment of Belief in a unit of mean size, pilots of mean size). Dollars of any month count the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.params.scenario import Scenario
from sim.params.strategy import BEHAVIOURS, NEVER, PILOTS, SEEN_POSTS, Strategy
from sim.structure import apportion

F64 = NDArray[np.float64]
STAGES = range(7)


@dataclass(frozen=True)
class PriceList:
    """Prices and sizes of one organisation.

    Args:
        scenario: organisation, prices, horizon; its own strategy plays no part.
    """

    scenario: Scenario

    @cached_property
    def employees(self) -> float:
        """Represented employees."""
        staff = self.scenario.organisation.employees
        return staff.number * staff.weight

    @cached_property
    def shares(self) -> F64:
        """Share of all staff in each unit."""
        silos = self.scenario.organisation.silos.values()
        sizes = apportion(self.scenario.organisation.employees.number, [silo.headcount_share for silo in silos])
        return np.asarray(sizes / sizes.sum(), dtype=float)

    @cached_property
    def shops(self) -> NDArray[np.bool_]:
        """Units with customers."""
        return np.array([silo.home_share > 0 for silo in self.scenario.organisation.silos.values()])

    @cached_property
    def fronts(self) -> NDArray[np.bool_]:
        """Units with a front line, among which Moments of Belief fall."""
        return np.array([silo.front_line_share > 0 for silo in self.scenario.organisation.silos.values()])

    def accounts(self, plan: Strategy) -> dict[str, float]:
        """Dollars over the horizon by account of the books; `programme` includes what is capital spending."""
        return Budget(self, plan).accounts()

    def total(self, plan: Strategy) -> float:
        """Dollars over the horizon."""
        return sum(self.accounts(plan).values())


@dataclass(frozen=True)
class Budget:
    """One plan at list prices.

    Args:
        prices: of the organisation.
        plan: what is done.
    """

    prices: PriceList
    plan: Strategy

    @property
    def horizon(self) -> int:
        """Months that are counted."""
        return self.prices.scenario.months

    @property
    def carried(self) -> int:
        """Months in which the plan is carried: messages, behaviours, help on the job, launches."""
        return min(self.horizon, self.plan.support_months)

    @cached_property
    def due(self) -> dict[str, int]:
        """Initiative -> month of launch, consultation and diagnosis included; without those that come too late."""
        programme, plan = self.prices.scenario.programme, self.plan
        consultation = np.interp(self.prices.scenario.leadership.ceo_stage, STAGES, programme.stages.consultation)
        delay = round(programme.activities.understand_months * plan.unlock.understand + float(consultation))
        return {name: month + delay for name, month in plan.initiatives.items() if month + delay < self.carried}

    @cached_property
    def under_way(self) -> int:
        """Months in which there is something to talk about and to help with."""
        if not self.plan.initiatives:
            return self.carried
        return self.carried - min(self.due.values(), default=self.carried)

    def accounts(self) -> dict[str, float]:
        """See `PriceList.accounts`."""
        a, plan, staff = self.prices.scenario.programme.activities, self.plan, self.prices.employees
        used = sum(use * price for use, price in self._channels())
        put_off = self.prices.scenario.organisation.background_load * a.priority * plan.unlock.organize
        talk = plan.messages * a.message_price + used
        return {
            "programme": self._initiatives(),
            "diagnosis": (plan.unlock.understand * a.understand_price + plan.unlock.locate * a.locate_price) * staff,
            "negotiation": self.carried * plan.unlock.negotiate * a.negotiate_price * staff,
            "office": self.carried * (plan.unlock.organize * a.organize_price + put_off * a.postponed_price) * staff,
            "facilitator": self.carried * plan.facilitator * a.facilitator_price * staff,
            "coaching": self.carried * plan.coaching * a.coaching_price * staff,
            "checkpoints": sum(map(self._checkpoints, self.due)) * a.checkpoint_price * staff,
            "support": self.under_way * plan.support * a.support_price * staff,
            "messages": self.under_way * talk * staff,
            "change_agents": self.under_way * plan.change_agents * a.agents_price * staff,
            "behaviours": self._behaviours(),
            "moments": self._moments(),
            "launches": self._launches(),
        }

    def _channels(self) -> list[tuple[float, float]]:
        """How far each channel is used, and its price."""
        channels, plan = self.prices.scenario.programme.activities.channels, self.plan
        if plan.channels:
            return [(plan.channels.get(name, 0.0), channel.price) for name, channel in channels.items()]
        return [(plan.unlock.communicate, channel.price) for channel in channels.values()]

    def _first_share(self) -> float:
        """Share of the units with customers that are pilots; 1 if all start at once."""
        shops = int(self.prices.shops.sum())
        number = min(self.plan.pilot_units, shops - 1)
        return number / shops if number > 0 else 1.0

    def _starts(self) -> list[tuple[float, int]]:
        """Shares of staff with the months by which they start after a launch; those left out are not among them."""
        named = self.plan.rollout
        first, parts = self._first_share(), []
        for name, share, shop in zip(
            self.prices.scenario.organisation.silos, self.prices.shares, self.prices.shops, strict=True
        ):
            if name in named:
                parts.append((share, named[name]))
            elif shop:
                parts += [(share * first, 0), (share * (1 - first), self.plan.pilot_months)]
            else:
                parts.append((share, 0))
        return [(float(share), wait) for share, wait in parts if share > 0 and wait != NEVER]

    def _initiatives(self) -> float:
        """Instalments that fall into the horizon; a unit pays its share from when it starts."""
        total = 0.0
        for name, due in self.due.items():
            row = self.prices.scenario.programme.initiatives[name]
            for share, wait in self._starts():
                paid = min(row.install_months, max(0, self.horizon - due - wait))
                total += row.price * share * paid / row.install_months
        return total * self.prices.employees

    def _checkpoints(self, name: str) -> int:
        """Checkpoints of one initiative."""
        rule, row = self.prices.scenario.programme.activities, self.prices.scenario.programme.initiatives[name]
        intensity = self.plan.unlock.keep_adjusting
        if intensity == 0:
            return 0
        risk = rule.risk_base + rule.risk_difficulty * row.difficulty + rule.risk_politics * row.politics
        step = max(1.0, rule.checkpoint_months / max(intensity * risk, 1e-9))
        following, number = self.due[name] + 1.0, 0
        for month in range(self.due[name], self.carried):
            if month >= following:
                following, number = month + step, number + 1
        return number

    def _behaviours(self) -> float:
        """What is asked of leaders, month by month: staff see their unit's leader and the top."""
        a, top = self.prices.scenario.programme.activities, self.prices.scenario.behaviour.buy_in.team_share
        price = {name: a.resources_price if name == "resources" else a.behaviour_price for name in BEHAVIOURS}
        units = list(self.prices.scenario.organisation.silos)

        def asked(who: str, month: int) -> float:
            own = self.plan.leaders.get(who)
            of = own if own is not None and own.first_month <= month <= own.last_month else None
            return sum(getattr(of or self.plan.behaviours, name) * price[name] for name in BEHAVIOURS)

        total, first = 0.0, self._first_share()
        for month in range(self.carried - self.under_way, self.carried):
            for name, share, shop in zip(units, self.prices.shares, self.prices.shops, strict=True):
                pilot = first if shop and first < 1 and name not in self.plan.leaders else 0.0
                total += (1 - top) * share * (pilot * asked(PILOTS, month) + (1 - pilot) * asked(name, month))
            total += top * sum(asked(post, month) for post in SEEN_POSTS) / len(SEEN_POSTS)
        return total * self.prices.employees

    def _moments(self) -> float:
        """Moments of Belief, each in a unit with a front line of mean size."""
        number = self._occasions(self.plan.moments_per_year)
        size = float(self.prices.shares[self.prices.fronts].mean()) * self.prices.employees if number else 0.0
        return number * self.prices.scenario.behaviour.moments.price * size

    def _launches(self) -> float:
        """Product launches."""
        a = self.prices.scenario.programme.activities
        price = (a.launch_price + self.plan.launch_research * a.research_price) * self.prices.employees
        return self._occasions(self.plan.launches_per_year) * price

    def _occasions(self, per_year: float) -> int:
        """How often something happens that is done so many times a year."""
        return sum(int((m + 1) * per_year / 12) != int(m * per_year / 12) for m in range(self.carried))
