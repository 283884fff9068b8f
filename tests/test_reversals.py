"""Reversals: who leads, what turns the answer, and that the runs behind it are paired."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.configuration import load_job
from experiments.figures.reversals import title
from experiments.reversals import compute as computing
from experiments.reversals.compute import AS_DRAWN, COLUMNS, Move, compute, moves, values, whole
from experiments.reversals.judgement import HOLDS, OPEN, REVERSES, Counts, count, judge, strongest, unmoved
from experiments.reversals.page import as_page, headline, on_screen


def table(**npvs: tuple[str, str, dict[str, list[float]]]) -> pd.DataFrame:
    """A row per move, replicate and strategy; equity is zero."""
    rows = [
        (name, end, 0.5, r, key, npv, 0.0, name != "y" or r == 0)
        for name, end, by_strategy in npvs.values()
        for key, series in by_strategy.items()
        for r, npv in enumerate(series)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).assign(world=lambda t: t["replicate"])


PLANTED = table(
    base=(AS_DRAWN, "", {"as_is": [0, 0, 0], "a": [9e6, 10e6, 11e6], "b": [5e6, 6e6, 7e6]}),
    turns=("x", "low", {"as_is": [0, 0, 0], "a": [1e6, 2e6, 3e6], "b": [5e6, 6e6, 7.1e6]}),
    shakes=("y", "high", {"as_is": [0, 0, 0], "a": [5e6, 6e6, 8e6], "b": [6e6, 5e6, 7e6]}),
    holds=("x", "high", {"as_is": [0, 0, 0], "a": [9e6, 10e6, 11e6], "b": [5e6, 6e6, 7.2e6]}),
)


def test_judgement_on_planted_values() -> None:
    judged = judge(PLANTED, 60, 0.01)
    npv = judged[judged["criterion"] == "npv"].set_index(["parameter", "end"])
    assert unmoved(judged, "npv")["leader"] == "a" and unmoved(judged, "npv")["lead"] == pytest.approx(4e6)
    assert npv.loc[("x", "low"), ["verdict", "new_leader", "rival"]].tolist() == [REVERSES, "b", "b"]
    assert npv.loc[("y", "high"), "verdict"] == OPEN and npv.loc[("x", "high"), "verdict"] == HOLDS
    assert npv.loc[("x", "low"), "change"] == pytest.approx(npv.loc[("x", "low"), "lead"] - 4e6)
    assert strongest(judged, "npv")["parameter"].tolist()[0] == "x"
    said = headline(judged, "npv")
    assert "Of 2 parameters, moved alone, 1 would put another strategy first on average, 1 of them clearly" in said
    assert "1 more would leave a first, but not clearly." in said
    assert count(judged, "npv") == Counts(2, 1, 1, 1) and "NPV: 1 of 2 (1 clearly)" in title(judged)


def test_moves_are_told_in_words_and_marked_where_the_firm_would_not_rest() -> None:
    judged = judge(PLANTED, 60, 0.01)
    words = {"x": "What x means.", "y": "What y means."}
    said, page = on_screen(judged, 3, words), as_page(judged, "ungridlock reversals", 3, words)
    assert "What x means." in said and "NOT AT REST: in 2 of 3 worlds" in said
    assert "| `y` | What y means. |" in page and "| **1 of 3** | open |" in page and "| all | reverses |" in page


def test_a_list_that_is_cut_says_so() -> None:
    open_ = {f"y{k}": (f"y{k}", "high", {"as_is": [0, 0, 0], "a": [5e6, 6e6, 8e6], "b": [6e6, 5e6, 7e6]})
             for k in range(13)}  # fmt: skip
    base = (AS_DRAWN, "", {"as_is": [0, 0, 0], "a": [9e6, 10e6, 11e6], "b": [5e6, 6e6, 7e6]})
    assert "... and 3 more moves that" in on_screen(judge(table(base=base, **open_), 60, 0.01), 3, {})


def test_total_counts_equity_at_the_end_discounted() -> None:
    rich = PLANTED.assign(customer_equity=np.where(PLANTED["strategy"] == "b", 10e6, 0.0))
    judged = judge(rich, 60, 0.0)
    assert unmoved(judged, "total")["leader"] == "b" and unmoved(judged, "customer_equity")["leader"] == "b"
    later = judge(rich, 60, 0.05)
    assert unmoved(later, "total")["leader"] == "a"


def test_incomplete_moves_are_left_out() -> None:
    cut = PLANTED[~((PLANTED["parameter"] == "y") & (PLANTED["replicate"] == 2))]
    assert set(whole(cut, 3)["parameter"]) == {AS_DRAWN, "x"}


def test_every_uncertain_parameter_is_moved_both_ways() -> None:
    job = load_job("reversals", ["organisation=small_firm", "unknowns=prior", "behaviour.sharing.hostility=1.0"])
    found = moves(job.scenario, job.settings)
    names = [m.parameter for m in found]
    assert found[0].parameter == AS_DRAWN and names.count("behaviour.sharing.conformity") == 2
    assert "behaviour.sharing.hostility" not in names  # the user has set it
    ends = {m.end: m.value for m in found if m.parameter == "behaviour.sharing.conformity"}
    assert ends == {"low": 0.5, "high": 4.0}


def test_moved_runs_differ_only_by_the_move() -> None:
    """What nothing reads yet leaves values as they are; a price moves the plan that pays it and no other."""
    job = load_job("reversals", ["organisation=small_firm", "months=8", "strategies=[as_is,technology_only]"])
    still, same, dear = (
        {row[4]: row[5:7] for row in values(job.scenario, job.strategies, job.settings, (move, 0))}
        for move in (Move(AS_DRAWN, "", 0.0), Move("behaviour.moments.lift", "high", 0.18),
                     Move("programme.activities.support_price", "high", 500.0))
    )  # fmt: skip
    assert same == still
    assert dear["as_is"] == still["as_is"]


def test_command_end_to_end(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    few = {"behaviour.sharing.incentive": (2.0, 8.0)}
    monkeypatch.setattr(computing, "ranges", lambda scenario, settings: few)
    words = ["organisation=small_firm", "months=6", "replicates=2", "strategies=[as_is,incentives_only]", "quiet=true",
             "compute.workers=1", f"output={tmp_path}"]  # fmt: skip
    job = load_job("reversals", words)
    found, stopped = compute(job.scenario, job.strategies, job.settings)
    assert stopped is None and len(found) == 3 * 2 * 2
    judged = judge(found, 6, 0.01)
    assert "could reverse the advice" in on_screen(judged, 2, {})
    assert "2 worlds are few" in on_screen(judged, 2, {}) and "worlds are few" not in on_screen(judged, 8, {})
    assert "| `behaviour.sharing.incentive` |" in as_page(judged, "ungridlock reversals", 2, {})
    assert job.settings.replicates == 2 and load_job("reversals").settings.replicates == 8


def test_replicates_that_share_a_world_count_as_one() -> None:
    again = pd.concat([PLANTED, PLANTED.assign(replicate=PLANTED["replicate"] + 3)], ignore_index=True)
    found, whole_ones = judge(again, 60, 0.01), judge(PLANTED, 60, 0.01)
    assert found["lead_error"].tolist() == pytest.approx(whole_ones["lead_error"].tolist())
