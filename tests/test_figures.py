"""Every figure draws, for the usual and the degenerate cases, and the same tables give the same bytes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from experiments.analysis import analyse
from experiments.figures import draw_all, run_title, save, single_run
from experiments.figures.gridlock import gridlock_cells, title
from experiments.tables import two_ends
from tests.synthetic import study


def test_all_figures_are_written_twice_with_the_same_bytes(tmp_path):
    some = study(replicates=4, months=24)
    found = analyse(some)
    first, second = (draw_all(some, found, tmp_path / name) for name in "ab")
    assert list(first) == ["fan_charts", "j_curve", "paired_differences", "gridlock"]
    for name, (alt, png, svg) in first.items():
        assert alt
        assert png.read_bytes() == second[name][1].read_bytes()
        assert svg.read_bytes() == second[name][2].read_bytes()


@pytest.mark.parametrize("strategies", [("as_is", "as_is@2"), ("as_is", "unlock"), ("unlock", "as_is")])
@pytest.mark.parametrize("replicates", [1, 4])
def test_degenerate_comparisons_draw_without_warnings(tmp_path, recwarn, strategies, replicates):
    some = study(strategies, replicates=replicates, months=3)
    assert "j_curve" in draw_all(some, analyse(some), tmp_path)
    assert [str(w.message) for w in recwarn] == []


def test_nothing_to_compare_draws_nothing(tmp_path):
    some = study(("as_is",), replicates=2, months=3)
    assert draw_all(some, analyse(some), tmp_path) == {}


def test_gridlock_cells_follow_the_index():
    some = study(replicates=2, months=6)
    cells = gridlock_cells(some)
    assert cells.gap.shape == (8, 7, 5)
    last = some.silo_months[(some.silo_months["month"] == 6) & (some.silo_months["scenario"] == "unlock")]
    last = last[last["silo"] == "care"]
    k = cells.initiatives.index("cross_functional_teams")
    expected = 100 * (1 - last["practised_cross_functional_teams"].mean())
    assert cells.gap[k, 5, 2] == pytest.approx(expected)
    assert np.isnan(cells.gap[:, 0]).any() and (cells.runs[np.isfinite(cells.gap)] == 2).all()


def test_gridlock_counts_only_runs_that_have_the_initiative():
    some = study(("as_is", "unlock"), replicates=4, months=6)
    table = some.silo_months
    here = (table["month"] == 6) & (table["scenario"] == "unlock") & (table["silo"] == "care")
    formal, practised = (f"{state}_cross_functional_teams" for state in ("formal", "practised"))
    table.loc[here, formal], table.loc[here, practised] = [1.0, 0.5, 0.0, 0.0], [0.2, 0.8, 0.0, 0.0]
    cells = gridlock_cells(some)
    k = cells.initiatives.index("cross_functional_teams")
    assert cells.runs[k, 0, 2] == 2
    assert cells.gap[k, 0, 2] == pytest.approx(100 * (1 * 0.8 + 0.5 * 0.2) / 1.5)
    assert "where most runs have it" in title(cells, 4)
    largest = np.nanmax(np.where(2 * cells.runs > 4, cells.gap, np.nan))
    assert f"({largest:.0f}%), least" in title(cells, 4)


def test_single_run_draws(tmp_path):
    some = study(("as_is", "unlock"), replicates=1, months=12)
    months = some.organisation_months.query("scenario == 'unlock'")
    for rows in (some.events, some.events.iloc[:0]):
        png, svg = save(single_run(months, rows, run_title("unlock", 1, months)), tmp_path, "run")
        assert png.stat().st_size > 10_000
        assert svg.stat().st_size > 10_000


def test_a_run_is_told_by_years_and_not_by_single_months():
    months = study(("as_is",), replicates=1, months=12).organisation_months
    months["churn"], months["engaged"] = [0.013, *[0.018] * 11, 0.022], 0.5
    title = run_title("as_is", 1, months)
    assert "churn 1.72 to 1.87 %/month" in title and "(means of months 0-5 and months 7-12)" in title
    assert two_ends(61) == (slice(0, 12), slice(49, 61)) and two_ends(2) == (slice(0, 1), slice(1, 2))


def test_the_figure_of_a_run_tells_all_launches_and_has_no_ticks_beyond_the_possible():
    months = study(("unlock",), replicates=1, months=12).organisation_months.assign(belief=np.linspace(0.3, 1, 13))
    texts = [f"launch of a long name {k}" for k in range(8)]
    rows = [{"month": 0, "event": "launched", "subject": "x", "text": text} for text in texts]
    fig = single_run(months, pd.DataFrame(rows), "title")
    said = " ".join(text.get_text().strip() for text in fig.texts)
    assert "launch of a long name 0, a long name 1," in said and "a long name 7" in said and "..." not in said
    belief = next(axes for axes in fig.axes if "belief" in axes.get_title(loc="left"))
    assert max(belief.get_yticks()) == pytest.approx(1.0) and belief.get_ylim()[1] > 1.1


def test_the_terminal_needs_no_matplotlib():
    code = "import experiments.screen, experiments.report, sys; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
