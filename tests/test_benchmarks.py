"""The benchmark runs and its page has its rows; nothing that is timed is a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.findings import Target, copy_share, growth, ratio, spread, targets
from benchmarks.kernel import copy_month, traffic
from benchmarks.page import WHY, duration, table
from benchmarks.tasks.growth import STEPS
from sim.columns import Customers
from sim.run import burn_in
from tests.conftest import shortened


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmarks")
    assert main(["quick=true", f"output={folder}"]) == 0
    return folder


def test_page_has_its_rows(quick: Path) -> None:
    page = (quick / "benchmarks.md").read_text(encoding="utf-8")
    for row in ("| 2,000 | 200 |", "| 20,000 | 600 |", "under `unlock`", "two threads", "`ungridlock --help`",
                "nothing in the cache", "Outside compiled rules", "GB/s", *(f"| {kind} |" for kind in STEPS)):
        assert row in page
    assert page.count("hit |") + page.count("**missed** |") == 10
    assert "nan" not in page
    assert (quick / "figures" / "benchmarks.png").stat().st_size > 10_000


def test_values_are_kept(quick: Path) -> None:
    found = json.loads((quick / "benchmarks.json").read_text(encoding="utf-8"))
    assert len(targets(found)) == 10
    assert {row.kind for row in growth(found)} == WHY.keys() == STEPS.keys()
    assert 60 < found["bytes_columns.1m"][0] < 160
    assert copy_share(found, "1m").middle > 0


def test_bad_settings_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quick=perhaps"]) == 2
    assert "quick" in capsys.readouterr().err


def test_copying_changes_nothing() -> None:
    customers: Customers = burn_in(shortened("small_firm", {"burn_in": 12}), 1, 0).state.customers
    names, before = traffic(), [column.tobytes() for column in customers]
    assert set(names.read) | set(names.written) == set(customers._fields)
    assert {"satisfaction", "tenure", "wallet"} <= set(names.written) and {"segment", "spend"} <= set(names.read)
    assert copy_month(customers, names) > 0
    assert [column.tobytes() for column in customers] == before


def test_ratios_and_targets() -> None:
    assert ratio([4.0, 6.0, 8.0], [2.0, 2.0, 4.0]) == (3.0, 2.0, 3.0)
    assert ratio([4.0, 8.0], [2.0]) == (3.0, 2.0, 4.0)
    above, below = Target("", spread([3.0]), 2.0, True, "x"), Target("", spread([3.0]), 2.0, False, "x")
    assert above.met and above.reached == 1.5
    assert not below.met and below.reached == pytest.approx(2 / 3)


def test_numbers_are_short() -> None:
    assert duration(spread([0.0123, 0.0125, 0.0141])) == "12.5 ms (12.3-14.1)"
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
