"""The verdict in plain sentences, composed of computed numbers only."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.brakes import answer, mean_costs
from experiments.headline import (
    CHURN,
    ENGAGED,
    EQUITY,
    GRIDLOCK,
    HEADLINES,
    LEVEL,
    NPV,
    STOPPED,
    Measure,
    chance,
    label,
    listing,
    percent,
)
from experiments.luck import CRITERIA, Ranking
from experiments.paired import Estimate, lookup
from experiments.stalling import Stall, Stalling

VERBS = {
    CHURN: ("lower", "higher"),
    ENGAGED: ("higher", "lower"),
    EQUITY: ("higher", "lower"),
    NPV: ("positive", "negative"),
}
STALLS_IF = "half of what is installed is not practised, or no clear effect"
CAUTION = "This ranks strategies and shows what they depend on. It is not a forecast."

type Slumps = Mapping[Measure, Mapping[str, Estimate]]


def verdict(
    table: pd.DataFrame,
    ranked: dict[str, Ranking],
    stalling: Stalling,
    brakes: pd.DataFrame,
    slumps: Slumps | None = None,
) -> list[str]:
    """Two to four sentences: what is better or worse, how sure that is, what is worse at first, why most of it stalls.

    Args:
        table: result of `paired.comparison`.
        ranked: result of `luck.rankings`.
        stalling: result of `stalling.stalling`.
        brakes: table `scenario, replicate, brake, cost`.
        slumps: result of `first_year.slumps`.
    """
    keys = [str(key) for key in table["strategy"].unique()]
    if len(keys) < 2:
        return [f"Only {label(keys[0])} was run: there is nothing to compare it with."]
    same = [k for k in keys[1:] if (table.loc[table["strategy"] == k, "difference"] == 0).all()]
    others = [k for k in keys[1:] if k not in same]
    found = [_effects(table, others, keys[0])] if others else []
    if same:
        verb = "is" if len(same) == 1 else "are"
        found.append(
            f"{_capital(listing([label(k) for k in same]))} {verb} identical to {against(keys[0])}: "
            "every difference is exactly zero."
        )
    if others:
        worse_first = [_worse_first(table, slumps, len(others), keys[0])] if slumps else []
        found += [_sureness(ranked, keys[0]), *worse_first, _stall(table, stalling, brakes)]
    return found


def against(baseline: str) -> str:
    """The baseline in a sentence."""
    return "leaving things as they are" if baseline == "as_is" else label(baseline)


def between(measure: Measure, found: Estimate) -> str:
    """A difference with its interval, in words."""
    return measure.words(found.mean) + measure.span(found.low, found.high)


def _brackets(known: bool) -> str:
    return f" ({LEVEL:.0%} intervals of the mean in brackets)" if known else " (one world, no intervals)"


def _effects(table: pd.DataFrame, keys: list[str], baseline: str) -> str:
    """Which strategies are better or worse, measure by measure."""
    known = math.isfinite(lookup(table, keys[0], CHURN.name).low)
    if len(keys) == 1:
        parts = [f"{m.label} {between(m, lookup(table, keys[0], m.name))}" for m in HEADLINES]
        clear = [lookup(table, keys[0], m.name).sign for m in HEADLINES]
        tail = "" if all(clear) else "; where an interval contains zero or is missing, the sign is open"
        return f"{_capital(label(keys[0]))} against {against(baseline)}{_brackets(known)}: {'; '.join(parts)}{tail}."
    parts = [_one_measure(measure, {k: lookup(table, k, measure.name) for k in keys}) for measure in HEADLINES]
    tail = "" if known else "; from one world every sign is open"
    return f"Against {against(baseline)}{_brackets(known)}, {'; '.join(parts)}{tail}."


def _one_measure(measure: Measure, found: dict[str, Estimate]) -> str:
    """How many strategies are better and worse on one measure; a sign counts if the interval excludes zero."""
    known = any(math.isfinite(e.low) for e in found.values())
    signs = {k: (e.sign if known else int(np.sign(e.mean))) * measure.better for k, e in found.items()}
    better, worse = ([k for k, sign in signs.items() if sign == side] for side in (1, -1))
    sides = []
    if better:
        top = max(better, key=lambda k: measure.better * found[k].mean)
        shown = between(measure, found[top])
        detail = f"({shown})" if len(better) == 1 else f"(most: {label(top)}, {shown})"
        sides.append(f"{VERBS[measure][0]} {_members(better, len(found))} {detail}")
    if worse:
        bottom = min(worse, key=lambda k: measure.better * found[k].mean)
        shown = between(measure, found[bottom])
        detail = f"({shown})" if len(worse) == 1 else f"(most: {label(bottom)}, {shown})"
        sides.append(f"{VERBS[measure][1]} {_members(worse, len(found))} {detail}")
    if not sides:
        return f"{measure.label} differs clearly under none"
    return f"{measure.label} is {' and '.join(sides)}"


def _members(keys: list[str], all_: int) -> str:
    """Strategies by number; by name if there is only one."""
    if len(keys) == 1:
        return f"only under {label(keys[0])}"
    return f"under {_all(all_)}" if len(keys) == all_ else f"under {len(keys)} of {all_}"


def _all(number: int) -> str:
    return "both" if number == 2 else f"all {number}"


def _sureness(ranked: dict[str, Ranking], baseline: str) -> str:
    """Who has the highest mean by each criterion, how sure that is, and in how many worlds it is best."""
    if any(not np.isfinite(r.table["p_best"]).all() for r in ranked.values()):
        return "So few worlds cannot say how sure the order is: ask for more replicates."
    first: dict[str, list[str]] = {}
    for name, ranking in ranked.items():
        leader, *others = ranking.table.to_dict("records")
        rival = max(others, key=lambda row: float(row["p_best"]))
        sure = f"{chance(float(leader['p_best']))} sure"
        if leader["p_best"] < LEVEL:
            sure += f", {_name(str(rival['strategy']), baseline)} {chance(float(rival['p_best']))}"
        where = f"on {CRITERIA[name]} ({sure}; {ranking.best_in(leader)} {ranking.unit})"
        first.setdefault(_name(str(leader["strategy"]), baseline), []).append(where)
    parts = [f"{leader} comes first {listing(where)}" for leader, where in first.items()]
    unit = next(iter(ranked.values())).unit
    return f"{_capital('; '.join(parts))}. Sure is said of the highest mean; in single {unit} others may be best."


def _worse_first(table: pd.DataFrame, slumps: Slumps, all_: int, baseline: str) -> str:
    """What is clearly worse in the first year, and what becomes of it."""
    parts = []
    for measure, found in slumps.items():
        deepest = min(found, key=lambda k: measure.better * found[k].mean)
        most = "" if len(found) == 1 else f"most: {label(deepest)}, "
        end = between(measure, lookup(table, deepest, measure.name))
        under = _members(list(found), all_) if all_ > 1 else f"under {label(deepest)}"
        shown = f"({most}{between(measure, found[deepest])}; in the end {end})"
        parts.append(f"{measure.label} is {VERBS[measure][1]} {under} {shown}")
    return f"In the first year, against {against(baseline)}, {listing(parts)}."


def _name(key: str, baseline: str) -> str:
    return against(key) if key == baseline else label(key)


def _stall(table: pd.DataFrame, stalling: Stalling, brakes: pd.DataFrame) -> str:
    """Which programmes stall, of which it is open, whether that still changes, and the strongest brakes."""
    if not stalling.fates:
        return "Nothing is installed under any of them, so nothing could stall."
    said = [_one_fate(stalling) if len(stalling.fates) == 1 else _fates(stalling)]
    stuck = stalling.to_explain
    falling = {key: stalling.falling[key] for key in stuck if key in stalling.falling}
    if falling:
        where = "" if len(falling) == len(stuck) else f" under {listing([label(key) for key in falling])}"
        points = _ends(list(falling.values())).replace("%", "")
        still = f"Gridlock still falls{where}, by {points} points within that year"
        said.append(f"{still}: a longer horizon may say otherwise.")
    costs = mean_costs(brakes, stuck).head(2)
    if len(costs):
        named = listing([f"{b} ({answer(str(b)).words})" for b in costs.index])
        said.append(f"Strongest {'brake' if len(costs) == 1 else 'brakes'} on people's decisions there: {named}.")
    if stuck:
        stops = _range(table, stuck, STOPPED)
        said.append(f"The board stops {'no run' if stops == '0%' else f'{stops} of the runs'} there.")
    return " ".join(said)


def _one_fate(stalling: Stalling) -> str:
    """The only programme."""
    key, fate = next(iter(stalling.fates.items()))
    level = stalling.levels[key]
    shown = percent(level.mean) + GRIDLOCK.span(level.low, level.high, signed=False)
    by, name = f"by month {stalling.month}", label(key)
    heads = {
        Stall.STALLS: f"{_capital(name)} stalls {by} ({STALLS_IF})",
        Stall.OPEN: f"Whether {name} stalls {by} is open ({STALLS_IF})",
        Stall.NOT: f"{_capital(name)} does not stall {by}",
    }
    return f"{heads[fate]}: in the last year {shown} of what is installed is not practised."


def _fates(stalling: Stalling) -> str:
    """How many of several programmes stall, of how many it is open, with names and levels."""
    number, by = len(stalling.fates), f"by month {stalling.month}"
    stuck, unclear, rest = (stalling.having(fate) for fate in (Stall.STALLS, Stall.OPEN, Stall.NOT))
    if stuck:
        who = f"{_capital(_all(number))}" if len(stuck) == number else f"{len(stuck)} of {number}"
        verb = "stalls" if len(stuck) == 1 else "stall"
        head = f"{who} programmes {verb} {by} ({STALLS_IF}): {_named(stalling, stuck, ' in the last year')}"
    elif unclear:
        head = f"None of the {number} programmes clearly stalls {by} ({STALLS_IF})"
    else:
        shares = f"{_levels(stalling, rest)} of what is installed is not practised in the last year"
        return f"None of the {number} programmes stalls {by}: {shares}."
    some = "one" if len(unclear) == 1 else str(len(unclear))
    return f"{head}; of {some} it is open: {_named(stalling, unclear)}." if unclear else f"{head}."


def _named(stalling: Stalling, keys: list[str], when: str = "") -> str:
    return f"{listing([label(key) for key in keys])} ({_levels(stalling, keys)} not practised{when})"


def _levels(stalling: Stalling, keys: list[str]) -> str:
    """Gridlock over strategies: "62%" or "45% to 80%"."""
    return _ends([stalling.levels[key].mean for key in keys])


def _range(table: pd.DataFrame, keys: list[str], measure: Measure) -> str:
    """Levels of a share over strategies."""
    rows = table.loc[table["strategy"].isin(keys) & (table["measure"] == measure.name), "value"].dropna()
    return _ends([float(value) for value in rows])


def _ends(shares: list[float]) -> str:
    low, high = percent(min(shares)), percent(max(shares))
    return low if low == high else f"{low} to {high}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
