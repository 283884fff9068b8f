"""Seconds: of calls that take turns, of the engine's phases, inside compiled rules, of whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter, process_time
from typing import Any

from numba.core.dispatcher import Dispatcher

from sim.model import PHASES, OrganisationModel

type Times = dict[str, list[float]]

CORE_SHARE = "core_share"
CUSTOMER_PHASES = ("service", "offers", "customers", "portfolios", "valuation")


def seconds(call: Callable[[], Any]) -> float:
    """Seconds that one call takes."""
    start = perf_counter()
    call()
    return perf_counter() - start


def taking_turns(repetitions: int, calls: Mapping[str, Callable[[], float]]) -> Times:
    """Let every measurement have its turn in every repetition, so that a busy machine hits all alike.

    Args:
        repetitions: how often each is called.
        calls: name -> measurement, which returns seconds.

    Returns:
        Name -> seconds, and under `CORE_SHARE` the share of a core that this process had meanwhile, at most 1.
    """
    found: Times = {name: [] for name in calls}
    start, busy = perf_counter(), process_time()
    for _ in range(repetitions):
        for name, call in calls.items():
            found[name].append(call())
    return found | {CORE_SHARE: [min(1.0, (process_time() - busy) / (perf_counter() - start))]}


def joined(parts: Iterable[Times]) -> Times:
    """All values by name."""
    found: Times = {}
    for part in parts:
        for name, values in part.items():
            found[name] = [*found.get(name, []), *values]
    return found


def month(model: OrganisationModel, months: int = 1) -> float:
    """Seconds of a month of the engine, mean of some months."""
    return seconds(lambda: live(model, months)) / months


def live(model: OrganisationModel, months: int) -> None:
    """Let some months pass."""
    for _ in range(months):
        model.advance()


def customers_month(model: OrganisationModel, months: int = 1) -> float:
    """Seconds of the customer phases of a month, mean of some months."""
    spent = 0.0
    for _ in range(months):
        for phase in PHASES:
            took = seconds(lambda phase=phase: phase.advance(model.world))  # type: ignore[misc]
            spent += took if phase.__name__.rsplit(".", 1)[-1] in CUSTOMER_PHASES else 0.0
        model.state.month += 1
    return spent / months


def process(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Seconds of a process of its own, from its start to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    surroundings = {**os.environ, **(environment or {})}
    return seconds(lambda: subprocess.run(arguments, check=True, capture_output=True, env=surroundings))


class Stopwatch:
    """Seconds spent in compiled rules, without what reading the clock takes."""

    def __init__(self) -> None:
        """Start at zero and see how long the clock itself takes."""
        self.spent = 0.0
        self.clock = min(-(perf_counter() - perf_counter()) for _ in range(1000))

    def around(self, compiled: Callable[..., Any]) -> Callable[..., Any]:
        """The same rule, timed."""

        def timed(*arguments: Any) -> Any:
            start = perf_counter()
            try:
                return compiled(*arguments)
            finally:
                self.spent += perf_counter() - start - self.clock

        return timed


@contextmanager
def compiled_rules_timed() -> Iterator[Stopwatch]:
    """Time every call of a compiled rule from Python, handing over of arguments included.

    Rules have to be compiled before, since a rule that is compiled looks up the rules that it calls.
    """
    watch = Stopwatch()
    found = [
        (module, name, value)
        for module in [module for key, module in sys.modules.items() if key.startswith("sim.")]
        for name, value in vars(module).items()
        if isinstance(value, Dispatcher)
    ]
    for module, name, value in found:
        setattr(module, name, watch.around(value))
    try:
        yield watch
    finally:
        for module, name, value in found:
            setattr(module, name, value)
