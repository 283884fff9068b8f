"""What the unchanged organisation must look like, and how that is read in the simulation.

Only the burn-in is simulated: no strategy exists there, so no strategy's outcome can enter the fit. Which published
figure calibrates and which validates is decided here once; none does both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.columns import Customers, Employees
from sim.measures.organisation import measure
from sim.model import OrganisationModel
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

OBSERVED_MONTHS = 12  # the last of the burn-in
YEAR = 12
SURVIVAL_YEARS = 7  # later years validate
PLAIN = ("churn", "engaged", "disengaged", "turnover", "resolution")
SURVIVAL = "survival"
BETWEEN = "between_units"
MOODS = {"engaged": 2, "disengaged": 3}  # readings that hang on managers, and their columns in `Sighting.units`
# Intention is not action: meta-analyses put their correlation near .5 (Sheeran 2002). Of the published log ratios of
# intention a half, within a quarter and three quarters, is asked of the hazard.
ATTENUATION = (0.25, 0.75)


@dataclass(frozen=True)
class Target:
    """One published figure.

    Args:
        name: key of the reading.
        label: in words.
        low: smallest value that fits.
        high: largest value that fits.
        unit: unit of both.
        source: key of the published record.
        note: how the band follows from what was published.
        steers: whether the search aims at it; if not it is only checked, on more customers than the search can afford.
    """

    name: str
    label: str
    low: float
    high: float
    unit: str
    source: str
    note: str
    steers: bool = True

    def fits(self, value: float, error: float = 0.0) -> bool:
        """Whether a value lies in the band, with two standard errors to spare."""
        return self.low + 2 * error <= value <= self.high - 2 * error

    def miss(self, value: float, inner: float) -> float:
        """Distance to the middle part (`inner`, a share) of the band, in half-widths; 0 inside."""
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        return max(0.0, abs(value - middle) / half - inner) if np.isfinite(value) else 1e3


def _attenuated(ratio: float) -> tuple[float, float]:
    low, high = (float(ratio**share) for share in ATTENUATION)
    return low, high


TARGETS = (
    Target("churn", "monthly churn", 0.017, 0.023, "share/month", "carriers2007", "US carriers, middle of the field"),
    Target("engaged", "engaged employees", 0.30, 0.36, "share", "gallup", "US 2020-24"),
    Target("disengaged", "actively disengaged employees", 0.13, 0.18, "share", "gallup", "US 2020-24"),
    Target("turnover", "quits", 0.015, 0.022, "share/month", "jolts2024", "between information and transport"),
    Target("resolution", "first-contact resolution", 0.68, 0.74, "share of needs", "sqm", "mean about 72%, about 70%"),
    Target("leave_again", "hazard of leaving: two or more contacts against resolved at once", *_attenuated(9 / 5),
           "ratio", "sqm", "intention 9% against 5%, attenuated"),
    Target("leave_unresolved", "hazard of leaving: unresolved against resolved at once", *_attenuated(25 / 5), "ratio",
           "sqm", "intention 25% against 5%, attenuated"),
    Target(BETWEEN, "variance of engagement between units", 0.05, 0.20, "share of variance", "bliese2000",
           "usual range of ICC(1) in field studies"),
    Target(SURVIVAL, "survival in years 1-7: root mean square deviation", 0.0, 0.02, "share of a cohort",
           "fader_hardie2007", "two points from the published tables, both segments", steers=False),
)  # fmt: skip


@dataclass(frozen=True)
class Sighting:
    """What one life of the unchanged organisation shows.

    Args:
        numbers: reading -> value.
        units: per unit headcount, manager effect, share engaged, share disengaged; shape [unit, 4].
        at_risk: customers by segment and month of tenure, shape [segment, months].
        left: of these, who left in that month.
    """

    numbers: dict[str, float]
    units: np.ndarray
    at_risk: np.ndarray
    left: np.ndarray


def sight(scenario: Scenario, seed: int, replicate: int) -> Sighting:
    """Simulate the burn-in of one life and read its last year.

    Args:
        scenario: organisation and responses; a strategy in it is not carried out.
        seed: seed of all draws.
        replicate: which life.
    """
    model = OrganisationModel(scenario.model_copy(update={"strategy": Strategy()}), seed=seed, replicate=replicate)
    segments = len(scenario.organisation.customers.segments)
    at_risk, left = np.zeros((2, segments, YEAR * SURVIVAL_YEARS))
    plain, leaving, units = [], np.zeros((3, 2)), []
    while model.world.month < 0:
        watched = model.world.month >= -OBSERVED_MONTHS
        before = _copy(model.state.customers) if watched else None
        model.advance()
        if before is not None:
            after = model.state.customers
            plain.append([measure(model.world)[name] for name in PLAIN])
            _count_survival(before, after, at_risk, left)
            leaving += _count_leaving(before, after)
            units.append(_by_unit(model))
    hazard = leaving[:, 0] / np.maximum(leaving[:, 1], 1.0)
    numbers = dict(zip(PLAIN, np.mean(plain, axis=0).tolist(), strict=True))
    numbers |= {"leave_again": hazard[1] / hazard[0], "leave_unresolved": hazard[2] / hazard[0]}
    numbers[BETWEEN] = intraclass(model.state.employees)
    return Sighting({name: float(v) for name, v in numbers.items()}, np.mean(units, axis=0), at_risk, left)


def _by_unit(model: OrganisationModel) -> np.ndarray:
    e, rule = model.state.employees, model.inputs.behaviour.engagement
    sizes = np.bincount(e.silo).astype(np.float64)
    shares = [np.bincount(e.silo, weights=kind) / sizes
              for kind in (e.engagement >= rule.engaged_from, e.engagement < rule.disengaged_below)]  # fmt: skip
    return np.stack([sizes, model.state.silos.manager, *shares], axis=1)


def _copy(c: Customers) -> dict[str, np.ndarray]:
    return {name: getattr(c, name).copy() for name in ("alive", "tenure", "generation", "open_need")}


def _count_survival(before: dict[str, np.ndarray], after: Customers, at_risk: np.ndarray, left: np.ndarray) -> None:
    rows = np.flatnonzero((before["alive"] == 1) & (before["tenure"] < at_risk.shape[1]))
    place = after.segment[rows].astype(np.int64) * at_risk.shape[1] + before["tenure"][rows]
    gone = after.generation[rows] != before["generation"][rows]
    at_risk += np.bincount(place, minlength=at_risk.size).reshape(at_risk.shape)
    left += np.bincount(place, weights=gone, minlength=left.size).reshape(left.shape)


def _count_leaving(before: dict[str, np.ndarray], after: Customers) -> np.ndarray:
    """Sum of hazards and number of customers with contact this month: resolved at once, later, not; shape [3, 2]."""
    seen = (before["alive"] == 1) & (after.quality >= 0) & (after.generation == before["generation"])
    open_before, open_after = before["open_need"] == 1, after.open_need == 1
    groups = (seen & ~open_before & ~open_after, seen & open_before & ~open_after, seen & open_after)
    return np.array([[after.hazard[g].sum(dtype=np.float64), float(g.sum())] for g in groups])


def intraclass(e: Employees) -> float:
    """ICC(1) of engagement over units: one-way random effects, unequal sizes (Bliese 2000)."""
    sizes = np.bincount(e.silo).astype(np.float64)
    means = np.bincount(e.silo, weights=e.engagement) / sizes
    n, k = sizes.sum(), len(sizes)
    between = float(sizes @ (means - e.engagement.mean()) ** 2) / (k - 1)
    within = float(((e.engagement - means[e.silo]) ** 2).sum()) / (n - k)
    usual = (n - (sizes**2).sum() / n) / (k - 1)
    return (between - within) / (between + (usual - 1) * within)


@dataclass(frozen=True)
class Found:
    """A reading over several lives: mean and standard error."""

    value: float
    error: float


def observe(scenario: Scenario, seed: int, replicates: Sequence[int]) -> dict[str, Found]:
    """Every target's reading over several lives of the unchanged organisation."""
    return combine(scenario, [sight(scenario, seed, r) for r in replicates])


def combine(scenario: Scenario, lives: Sequence[Sighting]) -> dict[str, Found]:
    """Means over lives with standard errors; the survival table is pooled, and jackknifed over lives.

    How many are engaged and how much units differ hangs on which managers a life happens to have; mean and spread of
    their effects are known, so that what the drawn ones add is taken off (control variates).
    """
    found = {}
    for name in lives[0].numbers:
        values = np.array([life.numbers[name] for life in lives])
        if name in MOODS:
            values = values - lucky(np.array([life.units for life in lives]), MOODS[name])
        elif name == BETWEEN:
            spread = scenario.behaviour.engagement.unit_spread
            values = values - unlike(np.array([life.units for life in lives]), values, spread)
        found[name] = Found(float(values.mean()), _error(values))
    risk, left = np.array([life.at_risk for life in lives]), np.array([life.left for life in lives])
    published = published_survival(scenario)

    def deviation(at_risk: np.ndarray, gone: np.ndarray) -> float:
        return float(np.sqrt(np.nanmean((survival(at_risk, gone) - published) ** 2)))

    all_risk, all_left, n = risk.sum(axis=0), left.sum(axis=0), len(lives)
    without = np.array([deviation(all_risk - risk[k], all_left - left[k]) for k in range(n)])
    spread = float(np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2))) if n > 1 else float("nan")
    found[SURVIVAL] = Found(deviation(all_risk, all_left), spread)
    return found


def lucky(units: np.ndarray, column: int) -> np.ndarray:
    """What the managers that a life happens to have add to a share of its employees.

    Args:
        units: headcount, manager effect, shares; shape [life, unit, 4].
        column: which share.

    Returns:
        One number per life; 0 where managers do not differ.
    """
    sizes, effects, shares = units[..., 0], units[..., 1], units[..., column]
    away = effects - np.average(effects, weights=sizes)
    spread = float(np.sum(sizes * away**2))
    slope = float(np.sum(sizes * away * shares)) / spread if spread > 0 else 0.0
    return np.asarray(slope * np.sum(sizes * effects, axis=1) / sizes.sum(axis=1))


def unlike(units: np.ndarray, values: np.ndarray, spread: float) -> np.ndarray:
    """What the intraclass correlation of a life owes to managers who happen to differ more or less than usual.

    Args:
        units: as for `lucky`.
        values: intraclass correlation of each life.
        spread: standard deviation of manager effects.

    Returns:
        One number per life: slope on the sample variance of its managers' effects, whose mean is known.
    """
    away = units[..., 1].var(axis=1, ddof=1) - spread**2
    centred = away - away.mean()
    if not centred.any():
        return np.zeros(len(values))
    return np.asarray(float(centred @ values) / float(centred @ centred) * away)


def _error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def survival(at_risk: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Share of a cohort still there after each whole year, from a life table; shape [segment, years]."""
    stays = 1 - left / np.maximum(at_risk, 1.0)
    return np.cumprod(stays, axis=1)[:, YEAR - 1 :: YEAR]


def published_survival(scenario: Scenario) -> np.ndarray:
    """The same as published, shape [segment, years]; missing where the organisation's table ends before."""
    from sim.structure import make_structure  # noqa: PLC0415

    fitted = make_structure(scenario).frailties.values()
    years = range(1, SURVIVAL_YEARS + 1)
    return np.array([[dict(zip(f.years, f.observed, strict=True)).get(y, np.nan) for y in years] for f in fitted])
