"""The rules of a month in plain Mesa: the baseline that the engine's speed is measured against, and an oracle for it.

One `mesa.Agent` per employee and per place in the market, attributes on the objects, `shuffle_do` for every decision,
`select` and `groupby` for sets, random numbers from `model.random`. It takes over an engine's model at month 0 and then
lives on its own; parameters are the same models of `sim.params`, attributes have the names of the engine's columns.

Agents do here: sharing, habit, adoption of every initiative, learning, contacts with handoffs and recovery, offers and
owners, satisfaction to churn, retention acts, triggers, releases, joining, belief, engagement, skill, quits and
replacement, portfolios, treatment, lifetime values and what moved them. Units do: queues, success, sight, what they
count.

Done by the engine's own phases, on a world that belongs to this model (`office.py`): environment, programme, leaders,
practised design, pay, governance in force, credibility, hostility, the chain of information, books and board. They
handle a few numbers per unit, nothing per customer, and cost both models the same: about half a millisecond a month.
What it takes to hand agents' numbers to them and back, which the engine is spared, is about a fiftieth of this model's
month at 2,000 customers, less at more; a leader or a programme in objects would cost more than that.

Left out, with the estimated share of the engine's month at 20,000 customers:

- the why-ledger, which sums terms of decisions and changes nothing (below one hundredth);
- sums of risk ratios per segment, which only the burn-in reads (below one hundredth);
- Moments of Belief and product launches, in a few months of some strategies (nothing in the others): refused;
- the paper case and the burn-in: refused.

So the baseline does a little less than the engine. It draws a random number only where one is needed, from one
sequence; the engine draws by address, so that strategies can be compared with the same luck.
"""

from benchmarks.plain_mesa.model import PlainModel

__all__ = ["PlainModel"]
