"""The table of concepts: complete, made of settings that exist, each of which moves what it is said to move."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.cli import main
from experiments.complaints import InputErrors
from experiments.concepts.page import Verdict, as_page, line, missing, summarise, switch_text
from experiments.concepts.readings import late
from experiments.concepts.settings import ConceptSettings, read_settings
from experiments.concepts.table import IDS, ROWS, Row, switch
from experiments.concepts.trial import SIDES, complete_pairs, compute, origins_of, sides
from experiments.configuration import GROUPS, Library, load_scenario
from experiments.interruption import Interrupted
from sim.params.field import walk

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "concepts.md"
MEASUREMENTS = {"A8", "B11", "D3", "D4"}
NAMES = [f"{row.id} {row.concept}" for row in ROWS]


@cache
def settable() -> set[str]:
    """Everything that can be set, by dotted name, with the organisation's own entries."""
    leaves = set()
    for name in Library().entries("organisation"):
        leaves |= {dotted for dotted, _, _ in walk(load_scenario([f"organisation={name}"]))}
    return leaves


@cache
def found() -> pd.DataFrame:
    """The whole table from a few real runs."""
    settings = ConceptSettings(replicates=3, months=40, quiet=True)
    return compute(settings, range(len(ROWS)))[0]


def test_every_concept_has_a_row() -> None:
    assert {row.id for row in ROWS} == set(IDS) and len(IDS) == 46
    assert {row.id for row in ROWS if row.measurement} >= MEASUREMENTS


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_every_switch_can_be_typed(row: Row) -> None:
    """Both sides name the same settings, which exist, and differ in the switch alone."""
    off, on = sides(row).values()
    assert off.keys() == on.keys()
    assert {name for name in off if off[name] != on[name]} == set(row.switch.off) == set(row.switch.on)
    for name, value in [*off.items(), *on.items()]:
        if name in GROUPS:
            assert value in Library().entries(name)
        else:
            assert name in settable(), name


@pytest.mark.parametrize("k", range(len(ROWS)), ids=NAMES)
def test_flipping_the_switch_moves_the_measure(k: int) -> None:
    """In real runs, paired: a mechanism without any effect is a defect."""
    part = found()[found()["row"] == k].pivot_table(index="replicate", columns="side", values="value")
    assert (part["on"] - part["off"]).abs().max() > 0


def test_sides_differ_only_by_the_switch() -> None:
    """A switch that is set to the same value on both sides changes nothing at all: the runs are paired."""
    rows = [k for k, row in enumerate(ROWS) if row.id in {"A2", "B6"}]
    again, stopped = compute(ConceptSettings(replicates=1, months=40, quiet=True), rows)
    assert stopped is None
    first = found()[found()["row"].isin(rows) & (found()["replicate"] == 0)]
    pd.testing.assert_frame_equal(again, first.reset_index(drop=True))


def test_futures_are_computed_once() -> None:
    """However many rows read the unchanged firm, it is run once per origin."""
    origins = origins_of(range(len(ROWS)))
    readings = [r for origin in origins for life in origin.lives for r in life.readings if life.variant.kind != "paper"]
    assert sorted(readings) == sorted((k, side) for k in range(len(ROWS)) for side in SIDES)
    lives = [(origin.settings, repr(life.variant)) for origin in origins for life in origin.lives]
    assert len({repr(life) for life in lives}) == len(lives) < len(readings)


def example(claim: int, *, measurement: bool = False) -> Row:
    return Row("A1", "example", switch("strategy.messages", 0.0, 1.0), late("churn"), claim, measurement=measurement)


def judged(row: Row, off: np.ndarray, on: np.ndarray) -> dict[str, object]:
    return line(row, off, on, np.arange(len(off)))


def test_replicates_of_one_world_count_as_one() -> None:
    off, on = np.zeros(4), np.array([0.1, 0.2, 0.1, 0.2])
    assert line(example(1), off, on, np.array([0, 1, 0, 1]))["standard_error"] == pytest.approx(0.05)
    assert judged(example(1), off, on)["standard_error"] == pytest.approx(0.05 / np.sqrt(3))


@pytest.mark.parametrize(
    ("change", "claim", "expected"),
    [
        ([0.0, 0.0, 0.0], 1, Verdict.NOTHING),
        ([0.3, -0.3, 0.01], 1, Verdict.SMALL),
        ([0.1, 0.2, 0.15], 1, Verdict.AS_CLAIMED),
        ([0.1, 0.2, 0.15], -1, Verdict.AGAINST),
        ([0.1, 0.2, 0.15], 0, Verdict.RESPONDS),
        ([0.01, 0.3, 0.1], 1, Verdict.UNCLEAR),
        ([0.01, 0.3, 0.1], -1, Verdict.UNCLEAR),
        ([np.nan, np.nan, np.nan], 1, Verdict.NOTHING),
    ],
)
def test_verdict_is_computed(change: list[float], claim: int, expected: Verdict) -> None:
    off = np.full(3, 0.5)
    assert judged(example(claim), off, off + np.array(change))["verdict"] == expected


def test_rows_that_begin_or_end_at_nothing_are_marked() -> None:
    """Where one side cannot read anything but 0, agreement with the source was to be had for nothing."""
    nothing, some = np.zeros(3), np.array([0.1, 0.2, 0.15])
    sides = ((1, nothing, some), (-1, some, nothing), (1, some, 2 * some), (1, np.array([0.0, 0.0, 0.1]), some))
    rows = pd.DataFrame([judged(example(claim), off, on) for claim, off, on in sides])
    assert list(rows["from_nothing"]) == [True, True, False, False]
    assert as_page(rows, ConceptSettings().filled()).count("| exactly 0 |") == 2


def test_a_measurement_responds() -> None:
    off = np.full(3, 0.5)
    assert judged(example(1, measurement=True), off, off + np.array([0.1, 0.2, 0.15]))["verdict"] == Verdict.RESPONDS


def test_the_sentence_says_what_was_computed() -> None:
    found = judged(example(-1), np.array([0.02, 0.02]), np.array([0.018, 0.017]))
    assert found["result"] == "churn falls from 2.00% to 1.75% (-0.250% +- 0.0500%)"
    assert found["switch"] == "strategy.messages=0 -> 1"


def test_page_is_the_table(tmp_path: Path) -> None:
    """The page in the documents has the rows of the table; its numbers come from the command."""
    form = r"^\| (\w+) \| (.*?) \| `(.*?)` \| (.*?) \| (.*?) \| (.*?) \| (?:exactly 0)? \|$"
    rows = re.findall(form, PAGE.read_text(), re.MULTILINE)
    assert [(row[0], row[1], row[2].replace("/", "|")) for row in rows] == [
        (row.id, row.concept, switch_text(row).replace("/", "|")) for row in ROWS
    ]
    assert {row[5] for row in rows} <= {str(v) for v in Verdict} and not any(row[5] == Verdict.NOTHING for row in rows)
    table = summarise(found())
    assert missing(table) == [] and as_page(table, ConceptSettings().filled()).count("\n| ") == len(ROWS) + 1


def test_command_prints_and_saves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["only=[A2]", "replicates=2", "months=36", "quiet=true", f"output={tmp_path}", "compute.workers=1"]
    assert main(["concepts", *words]) == 0
    shown = capsys.readouterr().out
    assert "A2   Negotiate buy-in" in shown and "buy in rises from" in shown
    table = pd.read_csv(tmp_path / "concepts.csv")
    assert list(table["id"]) == ["A2"] and table["replicates"][0] == 2 and table["difference"][0] > 0
    assert (tmp_path / "concepts.md").read_text().count("| A2 |") == 1


def test_bad_settings_are_refused() -> None:
    for words, text in (
        (["only=[Z9]"], "only: must hold ids of concepts"),
        (["replicate=3"], "replicate: unknown name; got 3; did you mean replicates?"),
        (["months=12"], "months: must be at least 36"),
        (["replicates=many"], "replicates: must be a whole number"),
    ):
        with pytest.raises(InputErrors, match=re.escape(text)):
            read_settings(words)


def test_a_row_without_effect_is_a_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says so and ends with status 1."""
    from experiments.concepts import command, page

    idle = Row("A2", "nothing", switch("strategy.messages", 0.0, 0.0), late("churn"), 1)
    monkeypatch.setattr(page, "ROWS", (idle,))
    monkeypatch.setattr(command, "ROWS", (idle,))
    same = pd.DataFrame({"row": [0, 0], "side": list(SIDES), "replicate": [0, 0], "value": [1.0, 1.0]})
    monkeypatch.setattr(command, "compute", lambda settings, rows: (same, None))
    assert main(["concepts", "quiet=true", f"output={tmp_path}"]) == 1


def test_one_world_has_no_error() -> None:
    assert judged(example(1), np.array([0.5]), np.array([0.6]))["verdict"] == Verdict.ALONE


def test_small_differences_are_written_out() -> None:
    found = judged(example(1), np.array([0.53412, 0.53412]), np.array([0.53446, 0.53444]))
    assert "from 53.412% to 53.445%" in found["result"]


def test_ctrl_c_keeps_complete_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is finished is shown and saved, and the last line counts it."""
    from experiments.concepts import trial

    def interrupted(call: Any, jobs: Any, settings: Any, take: Any, *rest: Any) -> None:
        take(jobs[0], call(jobs[0]))
        raise Interrupted(1, len(jobs))

    monkeypatch.setattr(trial, "spread", interrupted)
    assert main(["concepts", "only=A2", "replicates=3", "months=36", "quiet=true", f"output={tmp_path}"]) == 130
    assert "kept 1 of 3 pairs; they are saved and reported" in capsys.readouterr().err
    assert list(pd.read_csv(tmp_path / "concepts.csv")["replicates"]) == [1]
    half = [{"row": 0, "side": "off", "replicate": 0, "value": 1.0}]
    assert complete_pairs(half) == [] and len(complete_pairs([*half, {**half[0], "side": "on"}])) == 2


def test_a_folder_of_ones_own_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["concepts", "--config-dir", "nowhere"]) == 2
    assert "--config-dir: is not used by concepts" in capsys.readouterr().err
