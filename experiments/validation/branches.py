"""A company built for comparisons between units: a hundred branches that own their customers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from experiments.validation.pattern import Setting
from experiments.validation.shipped import shipped
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy
from sim.run import Variant, burn_in, follow, fork

RETAILER = "organisation=best_buy"
BRANCHES = 100
STAFF = 25  # per branch: 198,514 respondents in 7,939 units (Harter and others 2002)
YEAR = 12
MEASURED = ("engagement", "satisfaction", "churn", "turnover", "revenue", "service_cost")
Units = dict[str, NDArray[np.float64]]


def chain(setting: Setting, share: float = 1.0) -> Scenario:
    """The shipped retailer with a hundred branches of 25 people instead of eight stores.

    An employee stands for one employee; customers per employee, prices, pay and norms are the retailer's. All branches
    are alike but for their managers, their people and their luck, and every contact lands in the own branch.

    Args:
        setting: replicate and what is switched off.
        share: share of the customer agents; each stands for more, so that money stays the same.
    """
    shop = shipped(RETAILER).organisation
    others = {name: silo.model_dump() for name, silo in shop.silos.items() if silo.home_share == 0}
    stores = [silo for silo in shop.silos.values() if silo.home_share > 0]
    heads = sum(store.headcount_share for store in stores)
    branch = stores[0].model_dump() | {"headcount_share": heads / BRANCHES, "home_share": 1 / BRANCHES}
    staff = round(STAFF * BRANCHES / heads)
    customers = round(shop.customers.number / shop.employees.number * staff * share)
    each = shop.customers.weight / shop.employees.weight
    return setting.scenario(
        RETAILER, f"months={YEAR}",
        organisation__silos={f"branch_{k:03d}": branch for k in range(BRANCHES)} | others,
        organisation__employees__number=staff, organisation__employees__weight=1.0,
        organisation__customers__number=customers, organisation__customers__weight=each / share,
        customers__service__other_unit=0.0,
    )  # fmt: skip


def year_of_branches(scenario: Scenario, seed: int, replicate: int) -> Units:
    """What each branch shows in a year without any programme, after the burn-in; shape [branch].

    Means over the year, sums of turnover, revenue and cost; and the effect of the branch's manager.
    """
    origin = burn_in(scenario, seed, replicate)
    manager = origin.state.silos.manager[:BRANCHES].copy()
    result = follow(fork(origin, Variant("as_is", Strategy())))
    year = {name: result.silo_months[name][1:, :BRANCHES] for name in MEASURED}
    means = {name: year[name].mean(axis=0) for name in ("engagement", "satisfaction", "churn")}
    sums = {name: year[name].sum(axis=0) for name in ("turnover", "revenue", "service_cost")}
    heads = np.diff(origin.structure.units.first)[:BRANCHES].astype(np.float64)
    return {**means, **sums, "manager": manager, "staff": heads}


def profit_share(units: Mapping[str, NDArray[np.float64]], scenario: Scenario) -> NDArray[np.float64]:
    """What a branch earns in the year per revenue: margin less wages, contacts and replaced staff, shape [branch]."""
    prices, weight = scenario.organisation.economics, scenario.organisation.employees.weight
    people = units["staff"] * weight * (YEAR * prices.wage + prices.turnover_cost * units["turnover"])
    return (prices.margin * units["revenue"] - units["service_cost"] - people) / units["revenue"]


def correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Pearson's correlation over units; 0 where one of them doesn't differ."""
    if x.std() < 1e-12 or y.std() < 1e-12:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def top_against_bottom(by: NDArray[np.float64], of: NDArray[np.float64]) -> float:
    """Mean of the quarter of units with the highest `by` over that of the quarter with the lowest, less 1."""
    order, quarter = np.argsort(by, kind="stable"), len(by) // 4
    return float(of[order[-quarter:]].mean() / of[order[:quarter]].mean() - 1)
