"""Tables with the columns of a comparison and made-up content, for tests of everything downstream of the model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.analysis import Study

STRATEGIES = ("as_is", "technology_only", "overlapping_launch", "sequential_launch", "incentives_only",
              "everything_at_once", "unlock", "unlock_moments")
EFFECTS = {"as_is": 0.0, "technology_only": -0.1, "overlapping_launch": -0.5, "sequential_launch": 0.2,
           "incentives_only": 0.1, "everything_at_once": -1.2, "unlock": 1.0, "unlock_moments": 1.6}
INITIATIVES = ("insight_system", "closed_loop_feedback", "cross_functional_teams", "customer_metric_pay",
               "portfolio_governance", "front_line_empowerment", "capability_training", "culture_programme")
SILOS = ("wireless", "landline", "care", "marketing", "IT")
BRAKES = ("overload", "blockers", "buy-in", "credibility", "belief", "peers", "skill")
RATE = 1.12 ** (1 / 12) - 1


def study(
    strategies: tuple[str, ...] = STRATEGIES, replicates: int = 32, months: int = 60, own_worlds: bool = False
) -> Study:
    """A study of made-up runs; strategies with the same base name (before "@") are identical."""
    runs, organisation, silos, events, brakes = [], [], [], [], []
    for replicate in range(replicates):
        world = replicate if own_worlds else replicate // 2
        for strategy in strategies:
            for kind in kinds(strategy):
                frame = months_of(strategy, kind, replicate, world, months)
                keys = {"scenario": strategy, "kind": kind, "replicate": replicate}
                organisation.append(frame.assign(**keys))
                runs.append({**keys, "world": world, **headline(frame, strategy, months)})
            silos.append(silo_frame(strategy, replicate, months))
            events += [{"scenario": strategy, "kind": "simulated", "replicate": replicate, **e}
                       for e in event_rows(strategy, replicate, months)]
            brakes += [{"scenario": strategy, "replicate": replicate, "brake": b, "cost": c}
                       for b, c in brake_costs(strategy, replicate)]
    return Study(pd.DataFrame(runs), pd.concat(organisation, ignore_index=True), pd.concat(silos, ignore_index=True),
                 pd.DataFrame(events, columns=["scenario", "kind", "replicate", "month", "event", "subject", "text"]),
                 pd.DataFrame(brakes, columns=["scenario", "replicate", "brake", "cost"]))


def kinds(strategy: str) -> tuple[str, ...]:
    if strategy in ("overlapping_launch", "sequential_launch"):
        return ("simulated", "paper", "paper without sharing", "without belief")
    return ("simulated", "without credibility") if strategy == "everything_at_once" else ("simulated",)


def months_of(strategy: str, kind: str, replicate: int, world: int, months: int) -> pd.DataFrame:
    """One run, month by month, from a luck that all strategies share and a small one of its own."""
    shared, unknown = np.random.default_rng([1, replicate]), np.random.default_rng([2, world])
    name = strategy.split("@", maxsplit=1)[0]
    effect = EFFECTS[name] * unknown.uniform(0.4, 1.6)
    if kind.startswith("paper"):
        effect = 1.5 if kind == "paper" else 0.9
    if kind.startswith("without"):
        effect += 0.4
    active = 0.0 if name == "as_is" else 1.0
    own = np.random.default_rng([3, replicate, sum(map(ord, name)), len(kind)])
    month = np.arange(months + 1)
    ramp = np.clip((month - 6) / 30, 0, 1)
    walk = np.cumsum(shared.normal(0, 0.004, months + 1)) + active * np.cumsum(own.normal(0, 0.003, months + 1))
    gridlock = np.where(month < 3, np.nan, np.clip(0.95 - 0.25 * (effect + 1) * ramp + 0.05 * walk, 0.05, 1))
    customers = 1.4e6 * (1 + 0.05 * effect * ramp + walk * 0.2)
    spending = active * np.where(month < 18, -0.9e6, -0.15e6)
    stop = 40 if active and own.uniform() < 0.4 - 0.2 * effect else months + 1
    columns = {
        "customers": customers, "churn": 0.021 - 0.001 * effect * ramp + 0.01 * walk,
        "customer_equity": customers * 420, "cash": 2e7 + 1.5e6 * effect * ramp + 4e6 * walk + spending,
        "cash_capital": 0.4 * spending, "profit": 2e7 + 1.5e6 * effect * ramp + 4e6 * walk,
        "satisfaction": 0.62 + 0.02 * effect * ramp + walk, "engaged": 0.33 + 0.03 * effect * ramp + walk,
        "sharing": 0.2 + 0.08 * effect * ramp + walk, "belief": 0.3 + 0.05 * effect * ramp + walk,
        "resolution": 0.55 + 0.03 * effect * ramp + walk, "turnover": 0.018 - 0.001 * effect * ramp,
        "gridlock": gridlock if active else np.full(months + 1, np.nan),
        "reach": active * np.clip(0.1 + 0.2 * (effect + 1) * ramp, 0, 1),
        "stopped": (month >= stop).astype(float),
        "cemm": 1.9 + 0.3 * effect * ramp + walk, "barrett": 2.8 + 0.2 * effect * ramp + walk,
        "mri": 15 + 10 * effect * ramp + 10 * walk, "q12": 3.6 + 0.1 * effect * ramp + walk,
        "orientation": 0.05 + 0.1 * effect * ramp + walk, "alignment": 0.8 - 0.1 * effect * ramp + walk,
        "idle_spending": active * 4e6 * ramp, "equity_acquired": 1.7e7 + 1e6 * effect * ramp,
        "equity_lost": -1.2e7 + 1e6 * walk, "equity_retained": -7e6 + 1e6 * effect * ramp,
        "equity_grown": 3e6 + 1e6 * walk,
    }
    return pd.DataFrame({"month": month, **columns})


def headline(frame: pd.DataFrame, strategy: str, months: int) -> dict[str, float]:
    last = frame.iloc[-12:]
    means = ("churn", "engaged", "reach", "sharing", "belief", "resolution", "satisfaction", "turnover", "profit",
             "gridlock")
    cash = frame["cash"].to_numpy()[1:]
    return {**{name: float(last[name].mean()) for name in means},
            "customer_equity": float(frame["customer_equity"].iloc[-1]),
            "npv": float(cash @ (1 + RATE) ** -np.arange(1.0, months + 1)),
            "programme_cost": 0.0 if strategy.startswith("as_is") else 12.5e6,
            "stopped": float(frame["stopped"].iloc[-1]), "months": months}


def silo_frame(strategy: str, replicate: int, months: int) -> pd.DataFrame:
    chance = np.random.default_rng([4, replicate, sum(map(ord, strategy))])
    active = [i for i in range(8) if strategy != "as_is" and (i + len(strategy)) % 3]
    size = len(SILOS)
    frame = pd.DataFrame({"month": np.repeat([0, months], size), "silo": SILOS * 2, "sharing": 0.2, "revenue": 1e6,
                          "satisfaction": 0.6, "churn": 0.02})
    late = np.repeat([0.0, 1.0], size)
    for i, name in enumerate(INITIATIVES):
        formal = late * (i in active)
        frame[f"formal_{name}"] = formal
        frame[f"practised_{name}"] = formal * chance.uniform(0, 1, 2 * size)
    return frame.assign(scenario=strategy, kind="simulated", replicate=replicate)


def event_rows(strategy: str, replicate: int, months: int) -> list[dict[str, object]]:
    if strategy.startswith("as_is"):
        return []
    rows: list[dict[str, object]] = [
        {"month": 3 + 2 * i, "event": "launched", "subject": name,
         "text": f"{name.replace('_', ' ').capitalize()} launched."}
        for i, name in enumerate(INITIATIVES[:3])
    ]
    rows.append({"month": min(12 + replicate % 4, months), "event": "checkpoint", "subject": INITIATIVES[0],
                 "text": "Checkpoint found that the insight system is installed and hardly used."})
    if replicate % 3 == 0:
        rows.append({"month": min(40, months), "event": "stopped", "subject": "programme",
                     "text": "Shareholders stopped the programme."})
    return rows


def brake_costs(strategy: str, replicate: int) -> list[tuple[str, float]]:
    if strategy.startswith("as_is"):
        return []
    chance = np.random.default_rng([5, replicate])
    shift = len(strategy) % len(BRAKES)
    return [(name, -0.6 + 0.15 * ((i + shift) % len(BRAKES)) + chance.normal(0, 0.05)) for i, name in enumerate(BRAKES)]
