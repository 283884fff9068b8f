"""The page of the benchmark."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.company import BOTH
from benchmarks.findings import (
    Spread,
    Target,
    growth,
    largest_of_both,
    number_of,
    per_customer,
    ratio,
    spread,
    targets,
)
from benchmarks.tasks.months import PROGRAMME
from benchmarks.tasks.small_runs import HARDLY_ANYBODY
from benchmarks.timing import Times

COMPARED = """\
Plain Mesa is `benchmarks/plain_mesa`: the same rules for the same company, one Python object per employee and per place
in the market, `shuffle_do` for every decision. `tests/test_plain_mesa.py` shows that both agree, rule by rule where
nothing is left to chance and else within sampling error. Both start from the same state after the burn-in and take
turns, so that a busy machine hits both. Times are of the clock on the wall, medians with minimum and maximum.
"Customers" are places in the market, of which 70% are occupied, as in `organisation.customers.number`. The company is
Midwest Telecom as it is, unless a programme is named."""
WHY = {
    "customers": "every loop visits every customer once; what a month costs besides shows below some ten thousand",
    "employees": "every employee decides by her own ties, whose number stays the same",
    "units": "loops over people and customers do not know how many units there are; small tables per unit do",
    "ties": "sharing, adoption and belief read every tie; all other work stays the same",
    "months": "no month looks further back than the one before",
}
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def as_page(found: Times, command: str) -> str:
    """The page in Markdown."""
    parts = [
        "# How fast it is",
        f"Written by `{command}`; not edited by hand (`make bench` renews it). {machine()} {quiet(found)}",
        COMPARED,
        "![Cost per customer and month, and how far every target is reached](figures/benchmarks.png)",
        "## Targets",
        table(("what", "measured", "target", ""), target_rows(targets(found))),
        on_both_cores(found),
        "## One month",
        table(("customers", "employees", "engine", "plain Mesa", "times", "without shuffling"), month_rows(found)),
        "## Customer phases, per customer and month",
        table(("customers", "engine", "two threads", "plain Mesa", "times", "copying"), customer_rows(found)),
        copying(found),
        "## Memory, bytes per customer",
        table(("customers", "columns", "in use after the burn-in", "more within a month", "most while it was built"),
              memory_rows(found)),
        "In use: what the process takes more than before, employees included, and what the allocator has kept.",
        "## Before anything is computed",
        table(("what", "time"), start_rows(found)),
        "## Small runs",
        small_runs(found),
        "## Growth",
        table(("more", "cost of a month (months: of all)", "power", "why"), growth_rows(found)),
        "Under the programme `unlock`. A power of 1 is proportional, 0 flat; from the last two sizes.",
    ]
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """What it was measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    parts = " ".join(f"{name} {version(name)}" for name in ("mesa", "numpy", "numba"))
    return f"Measured on {os.cpu_count()} cores ({model}), Python {platform.python_version()}, {parts}."


def quiet(found: Times) -> str:
    """How far other work disturbed the measurements."""
    had = spread(found["core_share"])
    return (
        f"While one thread was measured, it had {had.middle:.0%} of a core (at worst {had.low:.0%}): below 100% other "
        "work got in between, and times are longer than on a quiet machine."
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def short(value: float, unit: str = "") -> str:
    """Three digits that mean something."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}{unit}"


def with_range(found: Spread, unit: str = "") -> str:
    """Median and range."""
    if found.low == found.high:
        return short(found.middle, unit)
    return f"{short(found.middle, unit)} ({short(found.low)}-{short(found.high)})"


def duration(found: Spread) -> str:
    """Seconds in a unit that suits them."""
    size, unit = next((pair for pair in UNITS if found.middle >= pair[0]), UNITS[-1])
    return with_range(found.times(1 / size), f" {unit}")


def target_rows(found: Sequence[Target]) -> list[tuple[str, ...]]:
    """Measured beside what was asked for."""
    return [
        (t.text, with_range(t.measured, t.unit), f"{'at least' if t.at_least else 'at most'} {short(t.goal, t.unit)}",
         "hit" if t.met else "**missed**")
        for t in found
    ]  # fmt: skip


def month_rows(found: Times) -> list[tuple[str, ...]]:
    """Whole months by size."""
    sizes = [size for size in BOTH if f"plain.{size.customers}" in found]
    labels = [(str(size.customers), f"{size.customers:,}", f"{size.employees:,}") for size in sizes]
    rows: list[tuple[str, ...]] = []
    for label, customers, employees in [*labels, ("programme", programme_size(found), "")]:
        engine, plain, ordered = (found[f"{name}.{label}"] for name in ("engine", "plain", "plain_in_order"))
        rows.append((customers, employees, duration(spread(engine)), duration(spread(plain)),
                     with_range(ratio(plain, engine)), with_range(ratio(ordered, engine))))  # fmt: skip
    for label in ("1m", "10m"):
        one, two = found[f"engine.{label}"], found[f"engine_two_threads.{label}"]
        both = f"{duration(spread(one))}; two threads {duration(spread(two))}"
        rows.append((f"{number_of(found, label):,}", "", both, "", "", ""))
    return rows


def programme_size(found: Times) -> str:
    """At which size it was measured with a programme."""
    return f"{number_of(found, 'programme'):,} under `{PROGRAMME}`"


def customer_rows(found: Times) -> list[tuple[str, ...]]:
    """Customer phases by size, per customer."""
    rows: list[tuple[str, ...]] = []
    for size in BOTH:
        n = size.customers
        if f"plain.{n}" in found:
            ours, plain = (per_customer(found, f"{name}_customers.{n}", n) for name in ("engine", "plain"))
            times = with_range(ratio(plain, ours))
            rows.append((f"{n:,}", duration(spread(ours)), "", duration(spread(plain)), times, ""))
    for label in ("1m", "10m"):
        n = number_of(found, label)
        names = (f"engine_customers.{label}", f"engine_customers_two_threads.{label}", f"copy.{label}")
        engine, two, copied = (duration(spread(per_customer(found, name, n))) for name in names)
        rows.append((f"{n:,}", engine, two, "", "", copied))
    return rows


def on_both_cores(found: Times) -> str:
    """The customer phases with two threads against plain Mesa, which can use one."""
    top, million = largest_of_both(found), number_of(found, "1m")
    plain = per_customer(found, f"plain_customers.{top}", top)
    gain = ratio(plain, per_customer(found, "engine_customers_two_threads.1m", million))
    return (
        "The engine is measured on one core unless threads are named. With two threads its customer phases at "
        f"{million:,} customers are {with_range(gain)} times as fast as plain Mesa, which can use one core only."
    )


def copying(found: Times) -> str:
    """What the kernel does that only copies."""
    moved = found["bytes_copied.1m"][0]
    rate = moved * number_of(found, "1m") / spread(found["copy.1m"]).middle / 1e9
    return (
        "Customer phases are service, offers, customers, portfolios and valuation. Copying reads every column of "
        f"customers once and writes those that a month changes: {moved:.0f} bytes per customer, here {rate:.1f} GB/s."
    )


def memory_rows(found: Times) -> list[tuple[str, ...]]:
    """Bytes by size."""
    names = ("bytes_columns", "bytes_resident", "bytes_month", "bytes_built")
    return [
        (f"{number_of(found, label):,}", *(short(found[f"{name}.{label}"][0]) for name in names))
        for label in ("1m", "10m")
    ]


def start_rows(found: Times) -> list[tuple[str, ...]]:
    """Start of processes."""
    names = {
        "start.python": "`python -c pass`",
        "start.help": "`ungridlock --help`",
        "start.model": "`python -c 'import sim.run'`",
        "compile.cold": "all rules compiled, nothing in the cache",
        "compile.cached": "all rules loaded from the cache",
    }
    return [(text, duration(spread(found[name]))) for name, text in names.items()]


def small_runs(found: Times) -> str:
    """Runs per second and what they consist of."""
    run, months = spread(found["small_run"]), found["small_months"][0]
    size = BOTH[0]
    outside, empty = spread(found["outside_rules"]), spread(found["empty_run"])
    return (
        f"{size.customers:,} customers, {size.employees} employees, {months:.0f} months with the burn-in, all "
        f"measures and indices: {duration(run)} each, {short(1 / run.middle)} runs a second and core. Outside compiled "
        f"rules passes {outside.middle:.0%} of that (handing arguments over counts as compiled). A run of hardly "
        f"anybody ({HARDLY_ANYBODY.customers} customers, {HARDLY_ANYBODY.employees} employees) takes "
        f"{duration(empty)}: what does not depend on how many there are. "
        "Plain Mesa is counted as so many months, without building it and without measures."
    )


def growth_rows(found: Times) -> list[tuple[str, ...]]:
    """Cost by number."""
    return [
        (row.kind, "; ".join(f"{n:,}: {duration(c)}" for n, c in zip(row.numbers, row.cost, strict=True)),
         f"{row.power:.2f}", WHY[row.kind])
        for row in growth(found)
    ]  # fmt: skip
