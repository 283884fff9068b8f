"""Proneness to leave: the table, the fit, and the draws from it."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.frailty import (
    COHORT,
    Frailty,
    fit_frailty,
    frailty_given_tenure,
    mean_lifetime,
    read_retention_table,
    stationary_churn,
    stationary_tenure,
)
from sim.frailty_table import frailties_at, log_frailty_of
from sim.structure import Segments

HEADER = "segment,year,share_surviving\n"
GOOD = HEADER + "a,0,1\na,1,0.8\na,2,0.7\na,3,0.65\n"
PUBLISHED = fit_frailty(read_retention_table("fader_hardie_2007.csv"), 7)


def fitted(hazard: float, shape: float, last: int = 12, digits: int = 12) -> Frailty:
    """Fit to a table made from known parameters."""
    series = tuple((y, round((1 + hazard * 12 * y / shape) ** -shape, digits)) for y in range(last + 1))
    return fit_frailty({"made": series}, 7)["made"]


def refused(tmp_path: Path, text: str) -> str:
    """Message of the error that a table with this text raises, with the path shortened to FILE."""
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_retention_table(str(file))
    return str(caught.value).replace(str(file), "FILE")


# --- the table -------------------------------------------------------------------------------------------------------


def test_published_table_is_shipped() -> None:
    table = read_retention_table("fader_hardie_2007.csv")
    assert list(table) == ["contract", "prepaid"]
    published = {
        "contract": (100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4),
        "prepaid": (100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3),
    }
    for segment, percent in published.items():
        assert [year for year, _ in table[segment]] == list(range(13))
        assert [share for _, share in table[segment]] == pytest.approx([p / 100 for p in percent], abs=1e-12)


def test_own_table_in_any_order_with_comments_and_more_columns(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    text = (
        "\ufeff# mine\n\n year , share_surviving,who, segment\n3,.5,x,b\n1,.9,x,b\n  # more, of it\n\n2,0.7,x,b\n"
        "0,1,y,c\n1,1,,c\n2,.5,,c\n3,0,,c\n"
    )
    file.write_text(text, encoding="utf-8")
    table = read_retention_table(str(file))
    assert table == {"b": ((0, 1.0), (1, 0.9), (2, 0.7), (3, 0.5)), "c": ((0, 1.0), (1, 1.0), (2, 0.5), (3, 0.0))}


def test_path_wins_when_written_as_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fader_hardie_2007.csv").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    assert list(read_retention_table("./fader_hardie_2007.csv")) == ["a"]
    assert list(read_retention_table("fader_hardie_2007.csv")) == ["contract", "prepaid"]


@pytest.mark.parametrize(
    ("text", "start", "part"),
    [
        ("", "FILE: must have a header and rows", "segment, year, share_surviving"),
        ("# only words\n", "FILE: must have a header and rows", "0 lines"),
        (HEADER, "FILE: must have a header and rows", "1 lines"),
        ("segment,year\na,1\n", "FILE:1: the header must name the column share_surviving", "'segment,year'"),
        ("# c\nsegment;year;share_surviving\na;1;1\n", "FILE:2: the header must name the column segment", "semicolons"),
        ("a,0,1\na,1,0.8\n", "FILE:1: the header must name the column segment", "begin with the line"),
        (GOOD + "a,4,many\n", "FILE:6: share_surviving must be a number", "'many'"),
        (GOOD + "a,4,86.9%\n", "FILE:6: share_surviving must be a number", "0.869"),
        (GOOD + "a,4,nan\n", "FILE:6: share_surviving must be a number", "'nan'"),
        (GOOD + "a,4,\n", "FILE:6: share_surviving must be a number", "''"),
        (GOOD + "a,4,-0.1\n", "FILE:6: share_surviving must be between 0 and 1", "never negative"),
        (GOOD + "a,4,1.01\n", "FILE:6: share_surviving must be between 0 and 1", "divide by 100"),
        (GOOD + "a,four,0.6\n", "FILE:6: year must be a whole number", "'four'"),
        (GOOD + "a,3.5,0.6\n", "FILE:6: year must be a whole number", "'3.5'"),
        (GOOD + "a,-1,0.6\n", "FILE:6: year must be between 0 and 100", "'-1'"),
        (GOOD + "a,2007,0.6\n", "FILE:6: year must be between 0 and 100", "calendar"),
        (GOOD + ",4,0.6\n", "FILE:6: segment must not be empty", "''"),
        (GOOD + "a,4,0,6\n", "FILE:6: a row must have 3 values", "'a,4,0,6'"),
        (GOOD + "a,4\n", "FILE:6: a row must have 3 values", "'a,4'"),
        (GOOD + "a,4,0.66\n", "FILE:6: share_surviving must not rise", "had 0.65 before"),
        (GOOD + "# c\na,3,0.65\n", "FILE:7: segment 'a' has this year twice", "got 3"),
        (GOOD + "b,0,0.9\nb,1,.8\nb,2,.7\nb,3,.6\n", "FILE:6: year 0 must have share 1", "got 0.9"),
        (GOOD + "b,0,1\nb,1,.8\nb,2,.7\n", "FILE:6: segment 'b' needs at least 3 years", "got 2"),
    ],
)
def test_bad_row_is_named_with_file_line_and_rule(tmp_path: Path, text: str, start: str, part: str) -> None:
    message = refused(tmp_path, text)
    assert message.startswith(start)
    assert part in message
    assert "more bad row" not in message
    assert "\n" not in message


def test_percent_table_is_told_once_with_the_number_of_further_rows(tmp_path: Path) -> None:
    message = refused(tmp_path, HEADER + "a,0,100\na,1,86.9\na,2,74.3\na,3,65.3\n")
    assert message.startswith("FILE:2: share_surviving must be between 0 and 1; got '100'")
    assert "divide by 100" in message
    assert message.endswith("(3 more bad rows)")


def test_first_bad_row_in_the_file_comes_first_whatever_its_rule(tmp_path: Path) -> None:
    message = refused(tmp_path, HEADER + "a,1,0.8\na,2,0.9\na,3,x\nb,1,0.5\n")
    assert message.startswith("FILE:3: share_surviving must not rise")
    assert message.endswith("(1 more bad row)")


def test_unknown_folder_and_spreadsheet_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file; got 'nowhere.csv'; .*fader_hardie_2007.csv"):
        read_retention_table("nowhere.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_retention_table(str(tmp_path))
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(InputError, match="must be UTF-8 text"):
        read_retention_table(str(tmp_path / "table.xlsx"))


# --- the fit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hazard", "shape"), [(0.015, 0.67), (0.055, 0.71), (0.02, 2.0), (0.2, 0.3), (0.01, 20.0)])
def test_known_parameters_are_recovered(hazard: float, shape: float) -> None:
    fit = fitted(hazard, shape)
    assert fit.base_hazard == pytest.approx(hazard, rel=1e-3)
    assert fit.shape == pytest.approx(shape, rel=5e-3)
    assert fit.chi_square == pytest.approx(0, abs=1e-6)
    assert fit.p_value == pytest.approx(1, abs=1e-6)
    assert fit.largest_error < 1e-3
    assert fit.holdout_error < 1e-3
    assert fit.note == ""


def test_parameters_are_recovered_from_a_sampled_cohort() -> None:
    rng = np.random.default_rng(5)
    size, hazard, shape = 200_000, 0.03, 0.7
    lifetimes = rng.exponential(1 / (hazard * rng.gamma(shape, 1 / shape, size)))
    series = tuple((year, float(np.mean(lifetimes > 12 * year))) for year in range(8))
    fit = fit_frailty({"sampled": series}, 7)["sampled"]
    assert fit.base_hazard == pytest.approx(hazard, rel=0.04)
    assert fit.shape == pytest.approx(shape, rel=0.04)
    assert fit.chi_square * size / COHORT < 20.5  # 99.9% of chi-square with 5 degrees of freedom


def test_exponential_table_ends_at_the_bound_and_says_so() -> None:
    series = tuple((year, math.exp(-0.02 * 12 * year)) for year in range(9))
    fit = fit_frailty({"flat": series}, 7)["flat"]
    assert fit.base_hazard == pytest.approx(0.02, rel=0.01)
    assert fit.shape == pytest.approx(1e3, rel=0.01)
    assert fit.largest_error < 0.03
    assert "bound" in fit.note


def test_rising_hazard_and_extreme_tables_give_finite_fits() -> None:
    tables = {
        "rising": ((0, 1.0), (1, 0.95), (2, 0.8), (3, 0.4)),
        "late": ((0, 1.0), (1, 1.0), (2, 1.0), (3, 0.999)),
        "wall": ((0, 1.0), (1, 0.5), (2, 0.5), (3, 0.5)),
    }
    for fit in fit_frailty(tables, 3).values():
        assert fit.note
        assert np.isfinite([fit.base_hazard, fit.shape, fit.log_likelihood, fit.chi_square]).all()
        assert np.isfinite(fit.survival([0, 12, 144])).all()


def test_published_tables_fit_and_predict_the_years_held_out() -> None:
    for fit in PUBLISHED.values():
        assert fit.fit_years == 7
        assert fit.largest_error < 2
        assert 0 < fit.holdout_error < 2
        later = [100 * abs(o - f) for y, o, f in zip(fit.years, fit.observed, fit.fitted, strict=True) if y > 7]
        assert len(later) == 5
        assert fit.holdout_error == pytest.approx(max(later))
    assert PUBLISHED["contract"].base_hazard == pytest.approx(0.01524, rel=1e-3)
    assert PUBLISHED["contract"].shape == pytest.approx(0.6696, rel=1e-3)
    assert PUBLISHED["prepaid"].base_hazard == pytest.approx(0.05511, rel=1e-3)
    assert PUBLISHED["prepaid"].shape == pytest.approx(0.7094, rel=1e-3)


def test_later_years_do_not_touch_the_fit() -> None:
    series = list(read_retention_table("fader_hardie_2007.csv")["contract"])
    changed = (*series[:8], *((year, share / 2) for year, share in series[8:]))
    fit = fit_frailty({"contract": changed}, 7)["contract"]
    assert (fit.base_hazard, fit.shape) == (PUBLISHED["contract"].base_hazard, PUBLISHED["contract"].shape)
    assert fit.holdout_error > 15


def test_fit_is_the_maximum_of_an_independent_likelihood_and_reports_its_chi_square() -> None:
    fit = PUBLISHED["contract"]
    counts = [1000 * (fit.observed[y] - fit.observed[y + 1]) for y in range(7)] + [1000 * fit.observed[7]]

    def chances(hazard: float, shape: float) -> list[float]:
        alive = [(shape / (shape + hazard * 12 * y)) ** shape for y in range(8)]
        return [alive[y] - alive[y + 1] for y in range(7)] + [alive[7]]

    def score(hazard: float, shape: float) -> float:
        return sum(n * math.log(p) for n, p in zip(counts, chances(hazard, shape), strict=True))

    best = score(fit.base_hazard, fit.shape)
    assert fit.log_likelihood == pytest.approx(best, abs=1e-6)
    for by, to in [(1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99), (1.01, 0.99), (0.99, 1.01), (1.01, 1.01), (0.99, 0.99)]:
        assert score(fit.base_hazard * by, fit.shape * to) < best
    expected = [1000 * p for p in chances(fit.base_hazard, fit.shape)]
    assert fit.chi_square == pytest.approx(sum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True)))
    assert fit.p_value == pytest.approx(0.0303, abs=5e-4)  # chi-square 12.35 with 5 degrees of freedom


def test_table_that_ends_early_has_no_holdout_and_two_years_leave_no_freedom() -> None:
    whole = fitted(0.02, 0.7, last=5)
    assert whole.fit_years == 5
    assert math.isnan(whole.holdout_error)
    two = fit_frailty({"x": ((0, 1.0), (1, 0.8), (2, 0.7), (3, 0.6))}, 2)["x"]
    assert two.largest_error < 1e-3
    assert math.isnan(two.p_value)


def test_years_between_may_be_missing() -> None:
    full = fitted(0.03, 0.8)
    series = tuple((y, s) for y, s in zip(full.years, full.observed, strict=True) if y in (1, 2, 5, 7))
    sparse = fit_frailty({"s": series}, 7)["s"]
    assert sparse.shape == pytest.approx(0.8, rel=5e-3)
    assert sparse.years == (0, 1, 2, 5, 7)


@pytest.mark.parametrize(
    ("series", "years", "part"),
    [
        (((0, 1.0), (1, 0.8), (2, 0.7), (3, 0.6)), 1, "organisation.customers.fit_years"),
        (((0, 1.0), (8, 0.8), (9, 0.7), (10, 0.6)), 7, "organisation.customers.fit_years"),
        (((0, 1.0), (1, 1.0), (2, 1.0), (3, 0.6)), 2, "loses nobody up to year 2"),
        (((0, 1.0), (1, 0.0), (2, 0.0), (3, 0.0)), 3, "loses everybody by year 1"),
    ],
)
def test_nothing_to_fit_is_refused(series: tuple[tuple[int, float], ...], years: int, part: str) -> None:
    with pytest.raises(InputError, match=part):
        fit_frailty({"x": series}, years)


# --- the draws -------------------------------------------------------------------------------------------------------


def test_newcomers_have_mean_one_and_stayers_less_as_the_gamma_law_says() -> None:
    fit = PUBLISHED["prepaid"]
    u = (np.arange(100_000) + 0.5) / 100_000
    newcomers = frailty_given_tenure(fit, 0, u)
    assert newcomers.mean() == pytest.approx(1, abs=2e-3)
    assert newcomers.var() == pytest.approx(1 / fit.shape, rel=0.01)
    stayers = frailty_given_tenure(fit, np.full(u.size, 60), u)
    assert stayers.mean() == pytest.approx(fit.shape / (fit.shape + fit.base_hazard * 60), rel=2e-3)
    ends = frailty_given_tenure(fit, [0, 12], np.array([0.0, 1.0]))
    assert (np.isfinite(ends) & (ends >= 0)).all()


@pytest.mark.parametrize("shape", [0.05, 0.67, 1.0, 5.0, 1000.0])
def test_table_of_frailty_gives_what_the_gamma_law_gives(shape: float) -> None:
    """Exact quantiles are slow; customers who have stayed and those who join are drawn from a table of logs."""
    fit = dataclasses.replace(PUBLISHED["contract"], shape=shape)
    row = (np.array([fit.base_hazard]), np.array([shape]), np.zeros(1), np.zeros(1), log_frailty_of(fit)[None])
    rng = np.random.default_rng(5)
    u = np.concatenate([rng.random(50_000), 10 ** rng.uniform(-7, -1, 10_000), 1 - 10 ** rng.uniform(-7, -1, 10_000)])
    tenure = rng.integers(0, 240, u.size).astype(float)
    found = frailties_at(u, tenure, np.zeros(u.size, np.int8), Segments(*row))
    known = frailty_given_tenure(fit, tenure, u)
    common = known > 1e-25  # below, a hazard makes no difference
    assert found[common] == pytest.approx(known[common], rel=1e-4)
    assert (found[~common] < 1e-24).all()
    assert found[:50_000].mean() == pytest.approx(known[:50_000].mean(), rel=1e-5)


def test_monthly_simulation_has_the_fitted_survival_and_the_frailty_of_stayers() -> None:
    fit, n = PUBLISHED["prepaid"], 200_000
    rng = np.random.default_rng(11)
    phi = frailty_given_tenure(fit, 0, rng.random(n))
    leave = -np.expm1(-fit.base_hazard * phi)
    alive = np.ones(n, dtype=bool)
    for month in range(1, 85):
        alive &= rng.random(n) >= leave
        if month in (1, 12, 36, 84):
            known = (1 + fit.base_hazard * month / fit.shape) ** -fit.shape
            assert fit.survival(month) == pytest.approx(known, rel=1e-12)
            assert abs(alive.mean() - known) < 4 * math.sqrt(known * (1 - known) / n)
    drawn = frailty_given_tenure(fit, 84, rng.random(n))
    error = math.sqrt(phi[alive].var() / alive.sum() + drawn.var() / n)
    assert abs(phi[alive].mean() - drawn.mean()) < 4 * error


def test_tenure_is_drawn_in_proportion_to_survival_with_the_natural_end() -> None:
    fit, horizon, end = PUBLISHED["contract"], 24, 0.1
    u = (np.arange(200_000) + 0.5) / 200_000
    drawn = stationary_tenure(fit, horizon, end, u)
    assert drawn.dtype == np.int32
    assert (np.diff(drawn) >= 0).all()
    mean = mean_lifetime(fit, horizon, end)
    share = np.bincount(drawn, minlength=61) / u.size
    assert share[0] == pytest.approx(1 / mean, abs=1e-5)
    assert share[24] == pytest.approx(float(fit.survival(24)) / mean, abs=1e-5)
    assert share[25] == pytest.approx(float(fit.survival(25)) * math.exp(-0.1) / mean, abs=1e-5)
    assert share[60] == pytest.approx(float(fit.survival(60)) * math.exp(-3.6) / mean, abs=1e-5)
    assert stationary_tenure(fit, horizon, end, u.reshape(2, -1)).shape == (2, 100_000)
    assert stationary_tenure(fit, horizon, end, 0.0) == 0
    assert 60 < stationary_tenure(fit, horizon, end, 1 - 2**-53) < 1000


def test_mean_lifetime_of_an_exponential_is_the_geometric_series() -> None:
    alike = dataclasses.replace(PUBLISHED["contract"], base_hazard=0.02, shape=1e9)
    stay, end = math.exp(-0.02), math.exp(-0.05)
    known = (1 - stay**36) / (1 - stay) + stay**36 / (1 - stay * end)
    assert mean_lifetime(alike, 36, 0.05) == pytest.approx(known, rel=1e-6)
    assert stationary_churn(alike, 36, 0.05) == pytest.approx(1 / known, rel=1e-6)


def test_published_stationary_churn() -> None:
    churn = {segment: stationary_churn(fit, 144, 0.06) for segment, fit in PUBLISHED.items()}
    assert churn["contract"] == pytest.approx(0.0113, abs=1e-4)
    assert churn["prepaid"] == pytest.approx(0.0198, abs=1e-4)


@pytest.mark.parametrize("segment", ["contract", "prepaid"])
def test_base_drawn_as_stationary_stays_so_at_one_over_mean_lifetime(segment: str) -> None:
    fit, horizon, end, n, months = PUBLISHED[segment], 36, 0.06, 100_000, 48
    rng = np.random.default_rng(3)
    tenure = stationary_tenure(fit, horizon, end, rng.random(n))
    phi = frailty_given_tenure(fit, tenure, rng.random(n))
    left = np.empty(months)
    for month in range(months):
        hazard = fit.base_hazard * phi + end * (tenure >= horizon)
        gone = rng.random(n) < -np.expm1(-hazard)
        left[month] = gone.mean()
        tenure = np.where(gone, 0, tenure + 1)
        phi[gone] = frailty_given_tenure(fit, 0, rng.random(int(gone.sum())))
    churn = stationary_churn(fit, horizon, end)
    error = math.sqrt(churn * (1 - churn) / n)
    assert abs(left.mean() - churn) < 5 * error / math.sqrt(months)
    assert abs(left[:12].mean() - churn) < 5 * error / math.sqrt(12)
    assert abs(left[-12:].mean() - churn) < 5 * error / math.sqrt(12)


def test_no_stationary_base_without_a_natural_end() -> None:
    with pytest.raises(InputError, match="mean lifetime is infinite"):
        mean_lifetime(PUBLISHED["contract"], 144, 0.0)
    with pytest.raises(InputError, match="horizon_months"):
        stationary_tenure(PUBLISHED["contract"], -1, 0.06, 0.5)
