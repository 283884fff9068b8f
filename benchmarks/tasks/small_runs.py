"""Many small runs: how many a second, and how much of one is Python."""

from __future__ import annotations

from benchmarks.company import BOTH, Size, company
from benchmarks.timing import Times, compiled_rules_timed, seconds, taking_turns
from sim.params.scenario import Scenario
from sim.run import run

MONTHS, BURN_IN = 60, 24
HARDLY_ANYBODY = Size(50, 20)


def measure(quick: bool) -> Times:
    """Seconds per run, of a run of hardly anybody, and the share of a run outside compiled rules."""
    length = {"months": 6 if quick else MONTHS, "burn_in": 12 if quick else BURN_IN}
    small, empty = company(BOTH[0], length), company(HARDLY_ANYBODY, length)
    run(small), run(empty)
    return taking_turns(
        3 if quick else 15,
        {
            "small_run": lambda: seconds(lambda: run(small)),
            "empty_run": lambda: seconds(lambda: run(empty)),
            "outside_rules": lambda: outside_rules(small),
        },
    ) | {"small_months": [float(sum(length.values()))]}


def outside_rules(scenario: Scenario) -> float:
    """Share of a run that passes outside compiled rules; timing every rule takes time that a run without it spares."""
    took = seconds(lambda: run(scenario))
    with compiled_rules_timed() as watch:
        run(scenario)
    return 1 - watch.spent / took
