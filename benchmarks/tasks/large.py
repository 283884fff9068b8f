"""The engine alone with millions of customers: time with one and two threads, memory, and the copying kernel."""

from __future__ import annotations

import gc

from benchmarks.company import LARGE, QUICK_LARGE, Size, company, under_way
from benchmarks.kernel import copy_month, traffic
from benchmarks.memory import forget_peak, peak, resident
from benchmarks.timing import CORE_SHARE, Times, customers_month, month, taking_turns
from sim.model import OrganisationModel
from sim.warm_up import warm_up


def measure_smaller(quick: bool) -> Times:
    """The smaller of the large sizes."""
    return measure_size((QUICK_LARGE if quick else LARGE)[0], "1m", 2 if quick else 9)


def measure_larger(quick: bool) -> Times:
    """The larger of the large sizes."""
    return measure_size((QUICK_LARGE if quick else LARGE)[1], "10m", 2 if quick else 3)


def measure_size(size: Size, label: str, repetitions: int) -> Times:
    """Seconds per month and bytes per customer; `label` stands in the names."""
    warm_up()
    names = traffic()
    before = resident()
    forget_peak()
    model = under_way(company(size), "as_is", 0, threads=2)
    gc.collect()
    built, most = resident(), peak()
    forget_peak()
    with_threads(model, 2)
    used = peak()
    copy_month(model.state.customers, names)  # compiles
    n = size.customers
    times = taking_turns(
        repetitions,
        {
            f"engine.{label}": lambda: with_threads(model, 1),
            f"engine_two_threads.{label}": lambda: with_threads(model, 2),
            f"engine_customers.{label}": lambda: customers_with_threads(model, 1),
            f"engine_customers_two_threads.{label}": lambda: customers_with_threads(model, 2),
            f"copy.{label}": lambda: copy_month(model.state.customers, names),
        },
    )
    columns = model.state.customers
    del times[CORE_SHARE]  # two threads
    return times | {
        f"bytes_built.{label}": [(most - before) / n],
        f"customers.{label}": [float(n)],
        f"bytes_columns.{label}": [sum(column.nbytes for column in columns) / n],
        f"bytes_resident.{label}": [(built - before) / n],
        f"bytes_month.{label}": [max(0.0, used - built) / n],
        f"bytes_copied.{label}": [sum(bytes_of(columns, name) for name in (*names.read, *names.written * 2)) / n],
    }


def bytes_of(columns: object, name: str) -> int:
    """Bytes of a column."""
    return int(getattr(columns, name).nbytes)


def with_threads(model: OrganisationModel, threads: int) -> float:
    """Seconds of a month with so many threads."""
    model.world.threads = threads
    return month(model)


def customers_with_threads(model: OrganisationModel, threads: int) -> float:
    """Seconds of the customer phases of a month with so many threads."""
    model.world.threads = threads
    return customers_month(model)
