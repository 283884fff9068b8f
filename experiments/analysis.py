"""Everything that follows from the tables of a comparison, worked out once for screen, figures and report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from experiments.brakes import Brake, strongest
from experiments.first_year import slumps
from experiments.headline import COST
from experiments.luck import Ranking, rankings, uncertainty
from experiments.money import CashFlows, payback_months, total_value, troughs
from experiments.paired import (
    by_replicate,
    comparison,
    estimate,
    given_stop,
    knock_outs,
    paper_against_simulated,
    strategies,
    worlds_of,
)
from experiments.stalling import Stalling, stalling
from experiments.verdict import verdict
from sim.params.strategy import Strategy

TAILS = (0.05, 0.95)  # share of lives below either end of what is shown of single lives


@dataclass(frozen=True)
class Study:
    """The tables of one comparison, as written to Parquet.

    Args:
        runs: one row per run, in the order of the strategies; the first strategy is the baseline.
        organisation_months: one row per run and month.
        silo_months: one row per simulated run, month and silo.
        events: one row per event.
        brakes: one row per run and brake.
        annual_discount: discount rate, 1/year.
        plans: key -> plan, where known.
    """

    runs: pd.DataFrame
    organisation_months: pd.DataFrame
    silo_months: pd.DataFrame
    events: pd.DataFrame
    brakes: pd.DataFrame
    annual_discount: float = 0.12
    plans: Mapping[str, Strategy] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by the names under which they are written."""
        names = ("runs", "organisation_months", "silo_months", "events", "brakes")
        return {name: getattr(self, name) for name in names}

    @property
    def monthly_rate(self) -> float:
        """Monthly rate that compounds to the annual one."""
        return float((1 + self.annual_discount) ** (1 / 12) - 1)

    @property
    def strategies(self) -> list[str]:
        """Keys of the strategies, the baseline first."""
        return strategies(self.runs)

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return int(self.runs["replicate"].nunique())

    @property
    def worlds(self) -> int:
        """Number of draws of what we do not know."""
        return int(self.runs["world"].nunique())

    @property
    def months(self) -> int:
        """Horizon."""
        return int(self.organisation_months["month"].max())


@dataclass(frozen=True)
class Analysis:
    """What the tables say."""

    comparison: pd.DataFrame
    money: pd.DataFrame
    uncertainty: pd.DataFrame
    rankings: dict[str, Ranking]
    paper: pd.DataFrame
    knock_outs: pd.DataFrame
    stops: pd.DataFrame
    stalling: Stalling
    brakes: list[Brake]
    verdict: list[str]


def analyse(study: Study) -> Analysis:
    """Work out every table and sentence."""
    table = comparison(study.runs, study.organisation_months, study.monthly_rate)
    ranked = rankings(study.runs, study.monthly_rate)
    fates = stalling(study.runs, study.organisation_months, table)
    knocked = knock_outs(study.runs)
    return Analysis(
        comparison=table,
        money=money(study),
        uncertainty=uncertainty(study.runs),
        rankings=ranked,
        paper=paper_against_simulated(study.runs),
        knock_outs=knocked,
        stops=given_stop(study.runs),
        stalling=fates,
        brakes=strongest(study.brakes, fates.to_explain, knocked, study.plans),
        verdict=verdict(table, ranked, fates, study.brakes, slumps(study.runs, study.organisation_months)),
    )


def money(study: Study) -> pd.DataFrame:
    """Cash against the baseline, per strategy (without the baseline).

    Returns:
        Columns `strategy, cost` (of the programme, not discounted), `npv, low, high` (of the mean), `npv_from, npv_to`
        (5 to 95% of replicates), `equity_from, equity_to` (the same of customer equity at the end, not discounted),
        `p_negative, pays_back` (replicates), `payback` (median month), `trough, trough_month` and the same without
        capital spending (`_operating`), `terminal` (discounted gain of customer equity at the end) and `total` = npv +
        terminal with `total_low, total_high`. Dollars; means over replicates, median months.
    """
    order = study.strategies
    flows = CashFlows.of(study.organisation_months, study.monthly_rate)
    valued = total_value(study.runs, study.monthly_rate)
    tables = {name: by_replicate(valued, name) for name in ("npv", "customer_equity", "terminal", "total")}
    worlds = worlds_of(study.runs, tables["npv"].index)
    costs, rows = by_replicate(study.runs, COST.name), []
    for key in order[1:]:
        gain = {name: (table[key] - table[order[0]]).to_numpy() for name, table in tables.items()}
        npv, total = estimate(gain["npv"], worlds), estimate(gain["total"], worlds)
        cumulated = flows.cumulated(key, order[0])
        depth, at = troughs(cumulated)
        depth_operating, at_operating = troughs(flows.cumulated(key, order[0], capital=False))
        paid = payback_months(cumulated)
        rows.append(
            {
                "strategy": key,
                "cost": float(costs[key].mean()),
                "npv": npv.mean,
                "low": npv.low,
                "high": npv.high,
                **_lives("npv", gain["npv"]),
                **_lives("equity", gain["customer_equity"]),
                "p_negative": float(np.mean(gain["npv"] < 0)),
                "pays_back": int(np.isfinite(paid).sum()),
                "payback": _median(paid),
                "trough": float(depth.mean()),
                "trough_month": _median(at),
                "trough_operating": float(depth_operating.mean()),
                "trough_month_operating": _median(at_operating),
                "terminal": float(gain["terminal"].mean()),
                "total": total.mean,
                "total_low": total.low,
                "total_high": total.high,
            }
        )
    return pd.DataFrame(rows)


def _lives(name: str, gains: np.ndarray) -> dict[str, float]:
    """Where 5 to 95% of lives lie; a single one has no range."""
    ends = np.quantile(gains, TAILS) if len(gains) > 1 else (np.nan, np.nan)
    return {f"{name}_from": float(ends[0]), f"{name}_to": float(ends[1])}


def _median(months: np.ndarray) -> float:
    known = months[np.isfinite(months)]
    return float(np.median(known)) if len(known) else float("nan")
