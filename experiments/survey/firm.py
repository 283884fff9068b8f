"""One firm: its burn-in, its history, and what it would answer over the last year."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np

from experiments.survey.industry import Firm, make_firm
from experiments.survey.items import SIGNALS
from experiments.survey.settings import Usual
from sim.measures.indices import INDICES
from sim.measures.maturity import level_of
from sim.measures.signals import mean_of, read_signals, whole
from sim.model import OrganisationModel
from sim.run import Result, Variant, burn_in, follow, fork
from sim.world import World

YEAR = 12
ORIENTATION = ("said", "belief", "leaders_belief", "buy_in")
CAPABILITIES = ("cemm_insight", "cemm_interaction", "cemm_improvement")


def answers(seed: int, months: int, usual: Usual, number: int) -> dict[str, Any]:
    """One row of the survey: settings, signals and indices over the last year, and how the business went in it."""
    firm = make_firm(seed, months, number)
    origin = burn_in(firm.scenario, seed, number)
    if usual is Usual.RIVALS:
        among_rivals(origin, burn_in(firm.typical, seed, number))
    heard: list[dict[str, float]] = []

    def listen(world: World) -> None:
        if world.month > months - YEAR:
            heard.append(whole(read_signals(world)))

    result = follow(fork(origin, Variant("history", firm.scenario.strategy)), listen)
    last_year = {name: float(np.mean([month[name] for month in heard])) for name in heard[0]}
    return {
        "firm": number, "world": firm.world, "redraws": firm.redraws, **firm.drawn, **signals_of(firm, last_year),
        **indices_of(result), **business_of(result),
    }  # fmt: skip


def among_rivals(origin: OrganisationModel, typical: OrganisationModel) -> None:
    """Let customers take for normal what the typical firm of the market gives them, and join as they join that one.

    The model measures what customers regard as normal in the unchanged firm itself, which is right for one firm over
    time. Among firms it would mean that customers never notice that theirs has always been a good one.
    """
    own, usual = origin.world.state, typical.world.state
    for name in ("risk_ratio", "satisfaction", "trust", "advocates"):
        setattr(own.normal, name, copy(getattr(usual.normal, name)))
    own.usual_knowledge, own.entry = usual.usual_knowledge, usual.entry


def signals_of(firm: Firm, last_year: dict[str, float]) -> dict[str, float]:
    """The counterparts of items: signals, orientation as a whole, and customers watched by either means."""
    monitored = firm.scenario.customers.churn.monitored
    found = {
        **last_year,
        "orientation": mean_of(last_year, ORIENTATION),
        "watched": max(last_year["feedback"], monitored),
    }
    return {f"signal_{name}": found[name] for name in SIGNALS}


def indices_of(result: Result) -> dict[str, float]:
    """Means over the last year; the level is cut from the mean, and capability leaves orientation out."""
    means = {name: float(result.months[name][-YEAR:].mean()) for name in (*INDICES, "leaders_stage")}
    means["cemm_level"] = level_of(means["cemm"])
    return {**means, "capability": sum(means[name] for name in CAPABILITIES) / len(CAPABILITIES)}


def business_of(result: Result) -> dict[str, float]:
    """Profit margin, annual retention and growth of the number of customers over the last twelve months."""
    months = result.months
    return {
        "margin": float(months["profit"][-YEAR:].sum() / months["revenue"][-YEAR:].sum()),
        "retention": float(np.prod(1 - months["churn"][-YEAR:])),
        "growth": float(months["customers"][-1] / months["customers"][-1 - YEAR] - 1),
    }
