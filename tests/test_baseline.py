"""Stored results of the small firm: numbers move only on purpose.

If this test fails and the numbers were not meant to move, the change has a side effect: find it. If they were meant to
move, run

    python -m tests.test_baseline --refresh

in the project's root, look at the difference of `tests/baseline/small_firm.csv`, and commit it together with a line in
CHANGELOG.md that begins with RESULTS and says why the numbers moved.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from experiments.configuration import load_scenario
from sim.run import Variant, run_variants

STORED = Path(__file__).parent / "baseline" / "small_firm.csv"
COLUMNS = ("scenario", "replicate", "month", "measure", "value")
STRATEGIES = ("as_is", "unlock")
MEASURES = (
    "customers", "churn", "customer_equity", "profit", "cash", "satisfaction", "resolution", "engaged", "turnover",
    "sharing", "belief", "buy_in", "gridlock", "reach",
)  # fmt: skip
MONTHS = (0, 1, 6, 12, 24, 60)
REFRESH = "python -m tests.test_baseline --refresh"

Table = dict[tuple[str, ...], float]


def results() -> Table:
    """What the model says now: seed 1, two replicates, default parameters."""
    plans = {name: load_scenario(["organisation=small_firm", f"strategy={name}"]) for name in STRATEGIES}
    variants = [Variant(name, scenario.strategy) for name, scenario in plans.items()]
    found: Table = {}
    for replicate in (0, 1):
        lives = run_variants(plans["as_is"], variants, 1, replicate)
        for variant, life in zip(variants, lives, strict=True):
            for month in MONTHS:
                for measure in MEASURES:
                    address = (variant.scenario, str(replicate), str(month), measure)
                    found[address] = float(life.months[measure][month])
    return found


def stored() -> Table:
    """What the model said when the results were last refreshed."""
    with STORED.open(encoding="utf-8", newline="") as file:
        return {tuple(row[c] for c in COLUMNS[:-1]): float(row["value"]) for row in csv.DictReader(file)}


def refresh() -> None:
    """Store what the model says now."""
    STORED.parent.mkdir(exist_ok=True)
    with STORED.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows([*address, repr(value)] for address, value in results().items())


def test_results_are_the_stored_ones() -> None:
    now, then = results(), stored()
    assert now.keys() == then.keys(), f"the table has other rows; if that is meant, {REFRESH}"
    moved = {a: (then[a], now[a]) for a in then if now[a] != pytest.approx(then[a], rel=1e-9, abs=1e-12, nan_ok=True)}
    first = next(iter(moved.items()), None)
    assert not moved, f"{len(moved)} of {len(then)} results moved, first {first}; if that is meant, {REFRESH}"


def test_the_stored_results_tell_strategies_and_lives_apart() -> None:
    """A table of constants would guard nothing."""
    then = stored()
    for replicate in ("0", "1"):
        assert then["as_is", replicate, "60", "cash"] != then["unlock", replicate, "60", "cash"]
        assert then["as_is", replicate, "0", "cash"] == then["unlock", replicate, "0", "cash"]
    assert then["as_is", "0", "60", "churn"] != then["as_is", "1", "60", "churn"]


if __name__ == "__main__":
    if sys.argv[1:] != ["--refresh"]:
        sys.exit(f"usage: {REFRESH}")
    refresh()
    print(f"stored in {STORED.name}; now add a line to CHANGELOG.md that begins with RESULTS and says why")
