"""Installation of initiatives, unit by unit: formal state grows, and the price is paid in equal parts."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.params.strategy import INITIATIVES, NEVER
from sim.phases.observation import attribute
from sim.phases.rollout import staff_share
from sim.structure import RIGOUR
from sim.sums import pairwise
from sim.world import World

EVERYWHERE, WHERE_MEANT = 1, 2  # where an installation is complete


def install(world: World) -> None:
    """Formal state grows to 1 over the installation; its price is paid evenly meanwhile. Without sponsor it erodes."""
    plan, table = world.state.plan, world.structure.initiatives
    paying, done = np.zeros(len(plan.launched)), np.zeros(len(plan.launched), np.int8)
    build_up(
        paying, done, world.state.silos.formal, plan.launched, plan.closed, plan.paused_until, plan.started, plan.paid,
        plan.installed, staff_share(world), table.install, world.month, attribute(world, world.ceo, RIGOUR),
        world.rules.activities.decay, world.installing,
    )  # fmt: skip
    for i in paying.nonzero()[0]:
        _pay_instalment(world, int(i), float(paying[i]))
    for i in done.nonzero()[0]:
        where = "everywhere" if done[i] == EVERYWHERE else "in the units that take part"
        world.log("installed", INITIATIVES[i], f"{world.structure.label(int(i))}: formally in place {where}")


@rule
def build_up(  # type: ignore[no-untyped-def]
    paying, done, formal, launched, closed, paused_until, started, paid, installed, staff, months, month, speed, decay,
    installing,
):  # fmt: skip
    """A month of every installation that is neither closed (it erodes) nor paused, in the units where it has started.

    Writes into zeros of shape [initiative]: to `paying` the share of staff in units that pay a part of the price (they
    pay over `months`), to `done` whether the month completes the installation `EVERYWHERE` or `WHERE_MEANT`.
    """
    n_silos, n = formal.shape
    shares = np.zeros(n_silos)
    for i in range(n):
        if launched[i] < 0 or (not closed[i] and paused_until[i] > month):
            continue
        payers, new, missing, concerned = 0, 0, 0, 0
        for s in range(n_silos):
            if closed[i]:
                formal[s, i] *= 1 - decay
                continue
            if 0 <= started[s, i] <= month:
                if paid[s, i] < months[i]:
                    paid[s, i] += 1
                    shares[payers] = staff[s]
                    payers += 1
                if installing:
                    formal[s, i] = min(1.0, formal[s, i] + speed / months[i])
                    if installed[s, i] < 0 and formal[s, i] >= 1 - 1e-9:
                        installed[s, i] = month
                        new += 1
            if started[s, i] != NEVER:
                concerned += 1
                missing += installed[s, i] < 0
        paying[i] = pairwise(shares[:payers])
        if new > 0 and missing == 0:
            done[i] = EVERYWHERE if concerned == n_silos else WHERE_MEANT


def _pay_instalment(world: World, i: int, share: float) -> None:
    """Units with a share of all staff pay their part of the price, in equal parts over the installation."""
    table = world.structure.initiatives
    amount = table.price[i] * world.employees * share / table.install[i]
    life, kind = world.rules.economics.depreciation_months, table.investment[i]
    world.state.ledger.invest(amount * table.capital[i], life, kind)
    world.pay("programme", amount * (1 - table.capital[i]), kind)
