"""From a pilot's runs to how many replicates every strategy needs in every measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.headline import Measure
from experiments.luck import components
from experiments.paired import by_replicate, estimate, strategies, worlds_of
from experiments.replication.sample_size import detectable, spread_interval, unpaired_power, worlds_needed
from experiments.replication.settings import Detect, ReplicationSettings
from sim.errors import InputError

F64 = NDArray[np.float64]
FLAT = 1e-12  # spread as a share of a level below which runs do not differ


@dataclass(frozen=True)
class Aim:
    """What is asked of every comparison.

    Args:
        power: chance of detecting the difference.
        level: of the interval that must exclude zero.
        lucks: replicates per world.
    """

    power: float
    level: float
    lucks: int


def needs(runs: pd.DataFrame, settings: ReplicationSettings, lucks: int) -> pd.DataFrame:
    """How many replicates show the difference worth detecting, and what more or fewer would show.

    Args:
        runs: a pilot; whole worlds, the baseline's runs first.
        settings: measures, differences, power, level, sizes.
        lucks: replicates per world.

    Returns:
        A row per measure and strategy (without the baseline), in table units: `baseline` level, `detect`, the pilot's
        `difference, low, high`, `unknown` and `luck` (standard deviations between and within worlds), `spread` of a
        world's mean; `replicates, worlds` needed with `replicates_low, replicates_high` (the pilot's spread is itself
        uncertain; infinite beyond 5,000 worlds); `unpaired` replicates; `detectable_N` with N replicates.

    Raises:
        InputError: a measure that no plan has, a percentage of a level that does not exist or is zero.
    """
    aim = Aim(settings.power, settings.level, lucks)
    sizes = sorted({runs["replicate"].nunique(), *settings.sizes})
    rows = []
    for measure, detect in settings.wanted:
        table, order = by_replicate(runs, measure.name), strategies(runs)
        worlds = worlds_of(runs, table.index)
        if table[order[1:]].isna().all(axis=None):
            raise InputError("measure", "does not exist under any of these plans", measure.name, "choose another")
        wanted = _amount(measure, detect, table[order[0]].to_numpy())
        for key in order[1:]:
            pair = Pair(table[key].to_numpy(), table[order[0]].to_numpy(), worlds)
            rows.append({"strategy": key, "measure": measure.name, "unit": measure.unit, "detect": wanted,
                         **pair.row(wanted, aim), **pair.detectable(sizes, aim)})  # fmt: skip
    return pd.DataFrame(rows)


def _amount(measure: Measure, detect: Detect, baseline: F64) -> float:
    """The difference worth detecting in table units."""
    found = detect.of(measure, float(np.mean(baseline)))
    if not (math.isfinite(found) and found > 0):
        rule = f"must be a number for {measure.name}, which the baseline does not have or has at zero"
        raise InputError("detect", rule, str(detect), f"write it in {measure.step or measure.unit}")
    return found


@dataclass(frozen=True)
class Pair:
    """A strategy and the baseline on the same replicates.

    Args:
        values: of the strategy, one per replicate.
        base: of the baseline; all missing if the measure does not exist without a programme (its difference is then
            the level, as in a comparison).
        worlds: world of each replicate.
    """

    values: F64
    base: F64
    worlds: NDArray[np.int64]

    @property
    def gains(self) -> F64:
        """Paired differences; NaN where a run lacks the measure."""
        return self.values if np.isnan(self.base).all() else self.values - self.base

    def spread(self, values: F64) -> tuple[float, int]:
        """Standard deviation of a world's mean, and number of worlds that it rests on; a flat one is exactly zero."""
        means = pd.Series(values).groupby(self.worlds).mean().dropna()  # a world counts if any of its runs has it
        if len(means) < 2:
            return math.nan, len(means)
        found = float(means.std())
        return found if found > FLAT * max(1e-300, float(np.nanmax(np.abs(self.values)))) else 0.0, len(means)

    def row(self, wanted: float, aim: Aim) -> dict[str, float]:
        """What the pilot says about one comparison."""
        found = estimate(self.gains, self.worlds, aim.level)
        between, within = components(self.gains[np.isfinite(self.gains)], self.worlds[np.isfinite(self.gains)])
        spread, pilot = self.spread(self.gains)
        narrow, wide = spread_interval(spread, pilot, aim.level) if pilot > 1 else (math.nan, math.nan)
        number, low, high = (_replicates(wanted, s, aim) for s in (spread, narrow, wide))
        return {
            "baseline": float(np.mean(self.base)), "difference": found.mean, "low": found.low, "high": found.high,
            "pilot": found.n, "unknown": math.sqrt(between), "luck": math.sqrt(within), "spread": spread,
            "replicates": number, "worlds": number / aim.lucks, "replicates_low": low, "replicates_high": high,
            "unpaired": self._unpaired(wanted, aim),
        }  # fmt: skip

    def _unpaired(self, wanted: float, aim: Aim) -> float:
        """Replicates under each plan if every run had a world and luck of its own; NaN without a level to compare."""
        both = math.hypot(self.spread(self.values)[0], self.spread(self.base)[0])
        if not both > 0:
            return math.nan
        return aim.lucks * worlds_needed(wanted / both, aim.power, aim.level, unpaired_power)

    def detectable(self, sizes: Sequence[int], aim: Aim) -> dict[str, float]:
        """Smallest difference that is detected with so many replicates; only whole worlds count."""
        spread, _ = self.spread(self.gains)
        worlds = {n: n // aim.lucks for n in sizes}
        return {
            f"detectable_{n}": spread * detectable(k, aim.power, aim.level) if k > 1 else math.nan
            for n, k in worlds.items()
        }


def _replicates(wanted: float, spread: float, aim: Aim) -> float:
    """Replicates needed if a world's mean difference has this standard deviation; NaN if it is not known."""
    if math.isnan(spread):
        return math.nan
    effect = wanted / spread if spread > 0 else math.inf
    return aim.lucks * worlds_needed(effect, aim.power, aim.level)
