"""Contacts of a customer: who takes them, who has to help, what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.place import Place
from sim.columns import IN_PERSON

if TYPE_CHECKING:
    from benchmarks.plain_mesa.employee import Employee
    from benchmarks.plain_mesa.unit import Unit

MAX_CONTACTS = 4
MOST = 100  # as far as contacts and failures are counted


class Served(Place):
    """What a customer does about her needs."""

    def make_contacts(self) -> None:
        """Make the month's contacts; a need that is still open comes first."""
        model = self.model
        self.quality = None
        again, luck = self.open_need, model.random.random()
        if luck <= model.month.silent and not again:
            return
        n, p, total = 0, model.month.silent, model.month.silent
        while luck > total and n < MAX_CONTACTS:
            n += 1
            p *= model.contact_rate / n
            total += p
        n = min(MAX_CONTACTS, n + again)
        felt, usable = 0.0, self.knowledge * self.home.known
        for _ in range(n):
            felt += self.make_contact(again, usable)
            again = False
        self.quality = felt / n

    def make_contact(self, again: bool, usable: float) -> float:
        """One contact: who takes it, who has to help, what comes of it.

        Args:
            again: whether it is about the need that was open.
            usable: what the unit can use of what the enterprise knows about her, 0-1.

        Returns:
            What the customer experiences, 0-1.
        """
        model, p, home = self.model, self.model.rules.service, self.home
        random = model.random.random
        owned, waiting = (1.0, home.waiting_first) if self.owner else (home.owned, home.waiting)
        unit = home
        stray = p.other_unit + (p.passed_on * (1 - owned) if again else 0.0)
        if random() < stray and home.elsewhere:
            unit = home.elsewhere[int(random() * len(home.elsewhere))]
            waiting = unit.waiting_first if self.owner else unit.waiting
        employee = unit.front_line[int(random() * len(unit.front_line))]
        failed = self.ask_around(unit, owned, again)
        harder = p.self_service_handling if self.tier != IN_PERSON else 0.0
        good = not failed and random() < employee.chance_to_handle(harder)
        recovered = not good and self.failures < p.patience and random() < employee.chance_to_rescue(unit.called_back)
        self.book(unit, employee, again)
        self.close(unit, employee, again, good, recovered)
        if good:
            quality = p.quality_base + p.quality_usable * min(1.0, usable / p.usable_enough)
        elif recovered:
            quality = p.quality_recovered
        else:
            quality = p.quality_failed - p.quality_handoff * failed
        quality += p.quality_engagement * (employee.engagement - model.rules.engagement.level)
        info = model.rules.information
        self.knowledge += info.learning * unit.capture * (1 + info.tacit * employee.tacit) * (1 - self.knowledge)
        return max(0.0, min(1.0, quality) - waiting)

    def ask_around(self, unit: Unit, owned: float, again: bool) -> int:
        """Ask up to two other units, and the home unit about a need that has been passed on; returns what failed."""
        model = self.model
        random, complexity = model.random.random, model.complexity
        asked = failed = 0
        for _ in range(2):
            if random() < complexity:
                staff = unit.others[int(random() * len(unit.others))].staff
                asked += 1
                failed += not staff[int(random() * len(staff))].helps(owned)
        if again and unit is not self.home:
            staff = self.home.staff
            asked += 1
            failed += not staff[int(random() * len(staff))].helps(owned)
        if asked:
            unit.counts.handoffs += asked
            unit.counts.handoffs_done += asked - failed
        return failed

    def book(self, unit: Unit, employee: Employee, again: bool) -> None:
        """Count a contact and what it costs."""
        counts = unit.counts
        cost = 1.0 if self.tier == IN_PERSON else self.model.rules.service.self_service_cost
        employee.handled += 1
        counts.n_contacts += 1
        counts.work += cost
        counts.service_cost += cost * self.service_cost
        if not again:
            counts.needs += 1

    def close(self, unit: Unit, employee: Employee, again: bool, good: bool, recovered: bool) -> None:
        """Keep account of the need: closed, still open, or given up."""
        counts = unit.counts
        tries = min(MOST, self.contacts_open + 1) if again else 1
        if again or not self.open_need:
            self.contacts_open = tries
        if not (good or recovered):
            self.open_need = self.contacts_open < self.model.rules.service.give_up_after
            self.failures = min(MOST, self.failures + 1)
            return
        employee.won += 1
        counts.won += 1
        counts.closing_contacts += tries
        if recovered:
            counts.recovered += 1
        elif not again:
            counts.first_time += 1
        if again:
            self.open_need = False
        self.failures = 0
