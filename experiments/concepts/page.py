"""The finished table: one line of result per row, on screen, as CSV and as a page of the documents."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from experiments.concepts.settings import ConceptSettings
from experiments.concepts.table import IDS, ROWS, Row
from experiments.paired import standard_error
from experiments.terminal import counted
from experiments.unknowns import repeated

CLEAR = 2.0  # standard errors from which a direction counts as found
LIMITS = (
    "*What this does not show.* Both sides share company, people and luck, so that very small differences stand clear",
    "of their standard error: a clear direction says nothing about size, and no floor of size is asked for. Most rules",
    "were written after these sources, so that many rows hold because the rule that is switched says so. Rows marked",
    "*exactly 0* read nothing at all on one side in any world, mostly because what is counted cannot occur there: any",
    "effect then has the claimed direction. Every row is a test of its own, without correction for their number: of a",
    "hundred switches that only shook their reading, two or three would seem to agree with their source.",
)


class Verdict(StrEnum):
    """What a row shows, in the words of the table."""

    NOTHING = "NO EFFECT AT ALL"
    ALONE = "one world: no error known"
    SMALL = "smaller than its standard error"
    UNCLEAR = "direction not clear"
    AGAINST = "AGAINST THE SOURCE"
    AS_CLAIMED = "as the source says"
    RESPONDS = "responds"


def summarise(found: pd.DataFrame) -> pd.DataFrame:
    """Paired differences of every row.

    Args:
        found: row, side, replicate, value.

    Returns:
        One line per row: id, concept, switch, measure, unit, off, on, difference, standard_error, replicates,
        from_nothing (one side is exactly 0 in every world), verdict, result.
    """
    lines = []
    for k, part in found.groupby("row"):
        pairs = part.pivot_table(index="replicate", columns="side", values="value", dropna=False)
        off, on = pairs["off"].to_numpy(float), pairs["on"].to_numpy(float)
        worlds = repeated(pairs.index.to_numpy(np.int64))
        lines.append(line(ROWS[int(str(k))], off, on, worlds))
    return pd.DataFrame(lines)


def line(row: Row, off: np.ndarray, on: np.ndarray, worlds: np.ndarray) -> dict[str, Any]:
    """One line of the table from paired readings in these worlds."""
    known = np.isfinite(off) & np.isfinite(on)
    change = (on - off)[known]
    n = len(change)
    mean = float(change.mean()) if n else float("nan")
    error = float(standard_error(change, worlds[known]))
    found = verdict(row, change, mean, error)
    before, after = (float(side[known].mean()) if n else float("nan") for side in (off, on))
    from_nothing = n > 0 and not (off[known].any() and on[known].any())
    return {
        "id": row.id, "concept": row.concept, "switch": switch_text(row), "measure": row.reading.measure,
        "unit": row.reading.unit, "off": before, "on": after, "difference": mean, "standard_error": error,
        "replicates": n, "from_nothing": from_nothing, "verdict": str(found),
        "result": sentence(row, before, after, mean, error),
    }  # fmt: skip


def verdict(row: Row, change: np.ndarray, mean: float, error: float) -> Verdict:
    """Judge a row: only a difference of at least two standard errors has a direction."""
    if len(change) == 0 or not np.any(change):
        return Verdict.NOTHING
    if len(change) == 1:
        return Verdict.ALONE
    if abs(mean) < error:
        return Verdict.SMALL
    if row.claim == 0:
        return Verdict.RESPONDS
    if mean * row.claim > 0:
        clear = Verdict.RESPONDS if row.measurement else Verdict.AS_CLAIMED
        return clear if abs(mean) >= CLEAR * error else Verdict.UNCLEAR
    return Verdict.AGAINST if abs(mean) >= CLEAR * error else Verdict.UNCLEAR


def sentence(row: Row, before: float, after: float, mean: float, error: float) -> str:
    """Like "churn falls from 1.77% to 1.61% (-0.16 +- 0.02)"."""
    if not np.isfinite(mean):
        return f"{row.reading.label} cannot be read"
    moved = "stays at" if mean == 0 else "rises from" if mean > 0 else "falls from"
    show = scale(row.reading.unit, max(abs(before), abs(after), abs(mean)), mean)
    if mean == 0:
        return f"{row.reading.label} {moved} {show(before)}"
    doubt = f" +- {show(error, sign=False)}" if np.isfinite(error) else ""
    return f"{row.reading.label} {moved} {show(before)} to {show(after)} ({show(mean, sign=True)}{doubt})"


class scale:
    """How numbers of one row are written: percent for shares, millions for large money, three digits otherwise."""

    def __init__(self, unit: str, size: float, difference: float) -> None:
        """Choose factor and unit for numbers up to `size`, and decimals that show a difference."""
        self.factor, self.unit = 1.0, ""
        if unit.startswith("share"):
            self.factor, self.unit = 100.0, "%"
        elif unit.startswith("$") and size >= 1e6:
            self.factor, self.unit = 1e-6, " $M"
        elif unit.startswith("$"):
            self.unit = " $"
        step = abs(difference * self.factor)
        self.least = max(0, 1 - int(np.floor(np.log10(step)))) if step else 0  # decimals

    def __call__(self, value: float, *, sign: bool = False) -> str:
        """The number in words."""
        shown = value * self.factor
        digits = max(0, 2 - int(np.floor(np.log10(abs(shown))))) if shown else 0
        digits = max(digits, self.least) if abs(shown) > 0 else digits
        text = f"{shown:{'+' if sign else ''},.{min(digits, 6)}f}"
        return f"{text}{self.unit}"


def switch_text(row: Row) -> str:
    """The switch as it is typed, off and on, and under which common settings."""
    names = list(row.switch.off)
    parts = [f"{n}={typed(row.switch.off[n])} -> {typed(row.switch.on[n])}" for n in names[:1]]
    if len(names) > 1:
        shorter = ", ".join(n.rpartition(".")[2] for n in names[1:])
        parts.append(f"and {shorter} likewise")
    where = [f"{n}={typed(v)}" for n, v in row.where.items() if not n.startswith("strategy.behaviours.")]
    return " ".join(parts) + (f" (with {' '.join(where)})" if where else "")


def typed(value: Any) -> str:
    """A value as on the command line."""
    if isinstance(value, Mapping):
        inner = ",".join(f"{k}:{typed(v)}" for k, v in value.items())
        return "{" + inner + "}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def missing(table: pd.DataFrame) -> list[str]:
    """Ids of concepts without a row."""
    return [name for name in IDS if name not in set(table["id"])]


def tally(table: pd.DataFrame) -> str:
    """How many rows show what."""
    counts = table["verdict"].value_counts()
    words = [f"{counts[v]} {v.lower()}" for v in map(str, Verdict) if v in counts]
    rows, ids = counted(len(table), "row"), counted(int(table["id"].nunique()), "concept")
    return f"{rows} for {ids}: {', '.join(words)}."


def on_screen(table: pd.DataFrame, settings: ConceptSettings) -> str:
    """The table for a terminal: concept and result, then what needs attention."""
    lines = [heading(settings), ""]
    for name, part in table.groupby("id", sort=False):
        for k, (_, row) in enumerate(part.iterrows()):
            flag = "" if row["verdict"] in {Verdict.AS_CLAIMED, Verdict.RESPONDS} else f"  [{row['verdict']}]"
            lines.append(f"{str(name) if k == 0 else '':<4} {row['concept']}")
            lines.append(f"       {row['result']}{flag}")
    return "\n".join([*lines, "", tally(table)])


def heading(settings: ConceptSettings) -> str:
    """What was computed."""
    return (
        f"Every concept, switched: paired runs of {settings.months} months in {counted(settings.replicates, 'world')}, "
        f"seed {settings.seed}. Mean difference +- its standard error.\n"
        "A direction counts from two standard errors on. Not a forecast."
    )


def as_page(table: pd.DataFrame, settings: ConceptSettings) -> str:
    """The page of the documents."""
    lines = [
        "# Concepts", "",
        "Written by `ungridlock concepts`; not edited by hand (`make concepts` renews it). One row or more per",
        "concept, by the ids of the sources: A strategic gridlock and UNLOCK (Harper 2003), B the customer-strategy",
        "enterprise (Peppers, Rogers), C five leadership behaviours (Forrester), D market-responsive culture",
        "(MarketCulture), E outside-in belief (The Customer Copernicus).", "",
        "Both sides of a switch meet the same company, people, luck and world:",
        f"{counted(settings.replicates, 'world')}, {settings.months} months, seed {settings.seed}. The result",
        "is the mean difference with its standard error. What the source claims is compared with it: a direction",
        "counts from two standard errors on.", "", tally(table), "", *LIMITS, "",
        "| id | concept | switch | shows in | result of switching | | one side |", "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for _, row in table.iterrows():
        switch = row["switch"].replace("|", "/")
        lines.append(
            f"| {row['id']} | {row['concept']} | `{switch}` | {row['measure']} | {row['result']} | {row['verdict']} | "
            f"{'exactly 0' if row['from_nothing'] else ''} |"
        )
    return "\n".join(lines) + "\n"
