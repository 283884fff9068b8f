"""Running activities of a plan: words, help on the job, what is asked of leaders, and what all that costs."""

from __future__ import annotations

import numpy as np

from sim.columns import CEO, COO
from sim.params.strategy import BEHAVIOURS, PILOTS, TOP_POSTS
from sim.phases.load import postponed
from sim.phases.rollout import pilots, staff_share
from sim.world import World, constant


def _quiet(world: World) -> float:
    return world.rules.activities.quiet if world.state.plan.quiet_until > world.month else 1.0


def _support(world: World) -> float:
    boost = world.rules.activities.boost if world.state.plan.support_until > world.month else 0.0
    return min(1.0, world.strategy.support + boost)


@constant
def channel_use(world: World) -> np.ndarray:
    """How far each channel is used, shape [channel]: as chosen, or all alike by the intensity of Communicate."""
    strategy, names = world.strategy, world.rules.activities.channels
    if strategy.channels:
        return np.array([strategy.channels.get(name, 0.0) for name in names])
    return np.full(len(names), strategy.unlock.communicate)


@constant
def what_channels_do(world: World) -> tuple[float, float, float, float]:
    """All channels together: words one way, answers, and the shares of people whom nothing reaches that they hear, or
    that they hear and take for true.
    """
    used, channels = channel_use(world), world.rules.activities.channels.values()
    reach, two_way, trusted = (np.array([getattr(c, k) for c in channels]) for k in ("reach", "two_way", "trusted"))
    unreached = float(np.prod(1 - used * reach)), float(np.prod(1 - used * reach * trusted))
    return float(used @ (1 - two_way)), float(used @ two_way), *unreached


def update_words(world: World) -> None:
    """Words, their reach, and how far they go both ways; help on the job. Nothing is said before the first launch.

    What goes through a channel one way is words; what comes back is voice. What is heard through a channel is taken
    for true as far as the channel is trusted. Other initiatives that pull the same way help on the job as well.
    """
    climate, strategy, rule = world.state.climate, world.strategy, world.rules.activities
    helped = world.scenario.organisation.background_help if world.launched else 0.0
    on = world.effective and world.under_way
    climate.support = 1 - (1 - (_support(world) if on else 0.0)) * (1 - helped)
    if not on:
        climate.words = climate.reach = climate.trusted_reach = climate.two_way = 0.0
        return
    n = max(len(rule.channels), 1)
    one_way, answers, unreached, unconvinced = what_channels_do(world)
    loud = _quiet(world) * strategy.messages
    climate.words = min(1.0, loud + one_way / n)
    climate.reach = 1 - (1 - loud) * unreached
    climate.trusted_reach = 1 - (1 - loud * rule.message_trusted) * unconvinced
    climate.two_way = answers / n


def pay_for_support(world: World) -> None:
    """Pay this month's running activities; what speaks or helps is paid from the first launch."""
    if not world.acting:
        return
    s, a, staff = world.strategy, world.rules.activities, world.employees
    world.pay("office", s.unlock.organize * a.organize_price * staff)
    world.pay("office", postponed(world) * a.postponed_price * staff)
    world.pay("facilitator", s.facilitator * a.facilitator_price * staff)
    world.pay("coaching", s.coaching * a.coaching_price * staff)
    if not world.under_way:
        return
    world.pay("support", _support(world) * a.support_price * staff)
    world.pay("messages", _quiet(world) * s.messages * a.message_price * staff)
    channels, behaviours = prices(world)
    world.pay("messages", channels * staff)
    world.pay("change_agents", s.change_agents * a.agents_price * staff)
    asked, top = asked_of_leaders(world).dot(behaviours), world.rules.buy_in.team_share
    above = 0.5 * (asked[world.ceo + CEO] + asked[world.ceo + COO])
    world.pay("behaviours", ((1 - top) * float(staff_share(world).dot(asked[: world.ceo])) + top * above) * staff)


@constant
def prices(world: World) -> tuple[float, np.ndarray]:
    """Monthly prices per employee of all channels as far as they are used, and of every behaviour."""
    a = world.rules.activities
    behaviours = [a.resources_price if name == "resources" else a.behaviour_price for name in BEHAVIOURS]
    channels = np.array([channel.price for channel in a.channels.values()])
    return float(channel_use(world) @ channels), np.array(behaviours)


def asked_of_leaders(world: World) -> np.ndarray:
    """What the strategy asks of every leader this month, shape [leader, behaviour].

    An entry for the leaders of pilot units, and before that one for a single leader, takes the place of what is asked
    of all while its months last.
    """
    strategy, names = world.strategy, (*world.structure.silos, *TOP_POSTS)
    if not strategy.leaders:
        return asked_of_all(world)
    asked = asked_of_all(world).copy()
    first = np.append(pilots(world), [False] * len(TOP_POSTS))
    for who, own in sorted(strategy.leaders.items(), key=lambda entry: entry[0] != PILOTS):
        if own.first_month <= world.month <= own.last_month:
            rows = first if who == PILOTS else np.array([name == who for name in names])
            asked[rows] = [getattr(own, name) for name in BEHAVIOURS]
    return asked


@constant
def asked_of_all(world: World) -> np.ndarray:
    """What the strategy asks of leaders without an entry of their own, shape [leader, behaviour]."""
    asked = [getattr(world.strategy.behaviours, name) for name in BEHAVIOURS]
    return np.tile(asked, (len(world.structure.silos) + len(TOP_POSTS), 1))
