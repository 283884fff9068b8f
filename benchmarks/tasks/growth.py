"""How the cost of the engine grows with the numbers of customers, employees, units, months and ties."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.company import Size, company, under_way, with_units
from benchmarks.timing import Times, joined, live, month, seconds, taking_turns
from sim.model import OrganisationModel
from sim.params.scenario import Scenario

PROGRAMME, MONTHS = "unlock", 12
STAFF = Size(2_000, 3_200)  # where employees are what is counted
STEPS = {
    "customers": (4_000, 16_000, 64_000, 256_000),
    "employees": (400, 1_600, 6_400, 25_600),
    "units": (3, 6, 12, 24),
    "ties": (4, 8, 16, 32),
    "months": (12, 24, 48, 96),
}


def scenario_of(kind: str, number: int) -> Scenario:
    """The company with so many of one kind."""
    made: dict[str, Callable[[int], Scenario]] = {
        "customers": lambda n: company(Size(n, 200)),
        "employees": lambda n: company(Size(2_000, n)),
        "units": lambda n: with_units(company(Size(20_000, 1_200)), n),
        "ties": lambda n: company(STAFF, {"organisation.employees.ties_inside": n - 2, "norms.ties_across": 2}),
    }
    return made[kind](number)


def measure(quick: bool) -> Times:
    """Seconds of a month under a programme, or of so many months."""
    parts: list[Times] = []
    repetitions = 2 if quick else 7
    for kind, numbers in STEPS.items():
        used = numbers[:2] if quick else numbers
        parts.append(taking_turns(repetitions, {f"growth.{kind}.{n}": measurement(kind, n) for n in used}))
    return joined(parts)


def measurement(kind: str, number: int) -> Callable[[], float]:
    """What measures the seconds of one size, with its company built."""
    if kind == "months":
        model = under_way(company(Size(2_000, 200)), PROGRAMME, 0)
        return lambda: life(model, number)
    model = under_way(scenario_of(kind, number), PROGRAMME, MONTHS)
    return lambda: month(model, 3)


def life(model: OrganisationModel, months: int) -> float:
    """Seconds that a copy of a model takes to live so long."""
    twin = model.fork(model.inputs)
    return seconds(lambda: live(twin, months))
