"""One month of the engine and of plain Mesa, in turns, at sizes that both can do."""

from __future__ import annotations

from benchmarks.company import BOTH, company, under_way
from benchmarks.plain_mesa import PlainModel
from benchmarks.timing import Times, customers_month, joined, month, seconds, taking_turns
from sim.model import OrganisationModel

PROGRAMME, MONTHS = "unlock", 18  # months after which it is measured
REPETITIONS = {2_000: 25, 20_000: 9, 200_000: 5}


def measure(quick: bool) -> Times:
    """Seconds per month: engine, plain Mesa, plain Mesa without shuffling; whole month and customer phases."""
    parts: list[Times] = []
    for size in BOTH[:2] if quick else BOTH:
        repetitions = 2 if quick else REPETITIONS[size.customers]
        parts.append(compare(under_way(company(size), "as_is", 0), str(size.customers), repetitions))
    size = BOTH[0] if quick else BOTH[1]
    programme = under_way(company(size), PROGRAMME, MONTHS)
    parts.append(compare(programme, "programme", 2 if quick else REPETITIONS[size.customers]))
    return joined(parts) | {"customers.programme": [float(size.customers)]}


def compare(engine: OrganisationModel, label: str, repetitions: int) -> Times:
    """Measure both from the same state."""
    plain = PlainModel(engine.fork(engine.inputs))
    several = max(1, round(0.05 / month(engine, 3)))  # months of the engine that take long enough to be timed
    month(engine, several), seconds(plain.step)
    return taking_turns(
        repetitions,
        {
            f"engine.{label}": lambda: month(engine, several),
            f"plain.{label}": lambda: seconds(plain.step),
            f"engine_customers.{label}": lambda: customers_month(engine, several),
            f"plain_customers.{label}": lambda: plain_customers(plain),
            f"plain_in_order.{label}": lambda: in_order(plain),
        },
    )


def plain_customers(plain: PlainModel) -> float:
    """Seconds of the customers' part of a month of plain Mesa."""
    for part in (plain.lead, plain.share, plain.adopt):
        part()
    spent = seconds(plain.serve)
    plain.inform()
    plain.experience()
    spent += seconds(plain.value)
    plain.close()
    return spent


def in_order(plain: PlainModel) -> float:
    """Seconds of a month of plain Mesa without shuffling."""
    plain.shuffled = False
    spent = seconds(plain.step)
    plain.shuffled = True
    return spent
