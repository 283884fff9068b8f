"""The answer of replication planning on screen."""

from __future__ import annotations

import math

import pandas as pd
from tqdm import tqdm

from experiments.headline import Measure, heading, label, listing, percent
from experiments.replication.sample_size import MOST
from experiments.replication.settings import ReplicationSettings
from experiments.terminal import aligned, counted

MEGABYTE = 1e6


def on_screen(table: pd.DataFrame, settings: ReplicationSettings, lucks: int) -> str:
    """The answer in words, then a table per measure.

    Args:
        table: see `needs`.
        settings: what was asked.
        lucks: replicates per world.
    """
    pilot = int(table["pilot"].max())
    lines = [
        f"How many replicates show a difference? A pilot of {in_worlds(pilot, lucks)}.",
        f"The test: two-sided paired t over worlds at {percent(1 - settings.level)}; that is, the "
        f"{percent(settings.level)} interval of the difference to the baseline excludes zero.",
    ]
    for measure, detect in settings.wanted:
        part = table[table["measure"] == measure.name]
        size = measure.words(float(part["detect"].iloc[0])).lstrip("+")
        what = f"a {detect} difference ({size})" if detect.percent else f"a difference of {size}"
        lines += ["", answer(part, measure, what, settings, lucks), "", rows(part, measure), *short(part, pilot)]
    return "\n".join([*lines, "", NOTE])


NOTE = """\
needs: replicates for that power [range, since the pilot's spread is itself uncertain: chi-square]; unpaired: if every
run had luck and a world of its own; don't know: share of the spread between worlds, which more luck per world cannot
reduce; shows with N: smallest difference that N replicates detect at that power. It is not a forecast."""


def answer(part: pd.DataFrame, measure: Measure, what: str, settings: ReplicationSettings, lucks: int) -> str:
    """One sentence per measure: enough for every plan, how surely that is known, what pairing saves."""
    most = part.iloc[int(part["replicates"].argmax())]
    who = "" if len(part) == 1 else f" for every plan ({label(most['strategy'])} needs most)"
    number_of = in_worlds(most["replicates"], lucks)
    found = f"{number_of} detect {what} in {measure.label} at {percent(settings.power)} power{who}."
    sure = (f"The pilot leaves {number(most['replicates_low'])} to {number(most['replicates_high'])} of them "
            f"({percent(settings.level)}), since it knows the spread only roughly.")  # fmt: skip
    saved, pairing = most["unpaired"] / most["replicates"], ""
    if saved > 1:
        pairing = f"\nWithout pairing it would take {number(most['unpaired'])}, {saved:,.1f} times as many."
    return f"{found[0].upper()}{found[1:]}\n{sure}{pairing}\n{already(part)}"


def already(part: pd.DataFrame) -> str:
    """Which plans the pilot itself tells from the baseline, whatever difference was asked for."""
    clear = part[(part["low"] > 0) | (part["high"] < 0)]
    if len(clear) == len(part):
        return f"The pilot itself already tells {'all plans' if len(part) > 1 else 'the plan'} from the baseline."
    if clear.empty:
        return "The pilot itself tells no plan from the baseline."
    return f"The pilot itself already tells {listing([label(key) for key in clear['strategy']])} from the baseline."


def rows(part: pd.DataFrame, measure: Measure) -> str:
    """A row per plan."""
    sizes = [name for name in part.columns if name.startswith("detectable_") and part[name].notna().any()]
    head = [heading(measure), "pilot's difference", "needs", "unpaired", "don't know",
            *(f"shows with {name.rpartition('_')[2]}" for name in sizes)]  # fmt: skip
    body = [
        [
            label(row["strategy"]),
            measure.text(row["difference"], signed=True) + measure.span(row["low"], row["high"]),
            f"{number(row['replicates'])} [{number(row['replicates_low'])}, {number(row['replicates_high'])}]",
            number(row["unpaired"]),
            percent(share_unknown(row["unknown"], row["luck"])),
            *(f"{row[name] * measure.scale:,.2g}" for name in sizes),
        ]
        for row in part.to_dict("records")
    ]
    return aligned([head, *body])


def short(part: pd.DataFrame, pilot: int) -> list[str]:
    """Say it where some runs lack the measure."""
    lacking = part[part["pilot"] < pilot]
    return [
        f"{label(row['strategy'])}: only {counted(int(row['pilot']), 'replicate')} of {pilot} have this measure."
        for row in lacking.to_dict("records")
    ]


def share_unknown(between: float, within: float) -> float:
    """Share of the variance of a paired difference that lies between worlds."""
    total = between**2 + within**2
    return between**2 / total if total > 0 else math.nan


def number(replicates: float) -> str:
    """A number of replicates for people."""
    if math.isnan(replicates):
        return "-"
    return f"over {2 * MOST:,}" if math.isinf(replicates) else f"{replicates:,.0f}"


def in_worlds(replicates: float, lucks: int) -> str:
    """Replicates with the worlds that they live in."""
    if lucks == 1 or not math.isfinite(replicates):
        return f"{number(replicates)} replicates"
    return f"{number(replicates)} replicates ({counted(int(replicates / lucks), 'world')})"


def effort(more: int, seconds: float, size: float, workers: int, command: str) -> str:
    """What the replicates that are missing would cost, and the command that adds them.

    Args:
        more: replicates beyond the pilot.
        seconds: time, on `workers`.
        size: bytes.
        workers: how many.
        command: the command with as many replicates as needed.
    """
    if more <= 0:
        return "The pilot is large enough."
    took = tqdm.format_interval(seconds)
    where = f"{counted(workers, 'worker')} and {size / MEGABYTE:,.1f} MB"
    return (f"{counted(more, 'replicate')} more than the pilot take about {took} (h:mm:ss or mm:ss) on {where}; "
            f"the pilot's runs are used again:\n  {command}")  # fmt: skip
