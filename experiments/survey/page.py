"""The finished survey on a terminal: published figures next to simulated ones, in words and numbers."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping

import pandas as pd

from experiments.headline import LEVEL, percent
from experiments.survey.findings import Advantage, Estimate, advantage, level_shares
from experiments.survey.scale import GOOD_SCORE
from experiments.survey.settings import SurveySettings, Usual
from experiments.terminal import aligned, counted

PUBLISHED_LEVELS = {"levels 2 and 3": "74%"}
PUBLISHED_ODDS = {
    "levels 4 and 5 against the rest": "twofold to threefold advantage",
    "capable third against weakest third": "81% against 60%, odds ratio 2.8",
}
PUBLISHED_CORRELATION = {"mri": ".26 to .39"}
NORMAL = {
    Usual.RIVALS: "what the typical firm of their market gives",
    Usual.OWN: "what their own firm gave before its history",
}
INTERVAL = f"{LEVEL:.0%} interval"


def on_screen(firms: pd.DataFrame, items: pd.DataFrame, correlations: pd.DataFrame, settings: SurveySettings) -> str:
    """Everything but where an organisation stands."""
    parts = [
        heading(firms, settings), items_text(items), levels_text(level_shares(firms)),
        advantage_text(advantage(firms)), correlations_text(correlations),
    ]  # fmt: skip
    return "\n\n".join(parts)


def heading(firms: pd.DataFrame, settings: SurveySettings) -> str:
    """What was computed, and what it is not."""
    lines = [
        f"A synthetic industry: {counted(len(firms), 'firm')}, each with a history of "
        f"{counted(settings.months, 'month')}, seed {settings.seed}; answers are means of the last 12.",
        "Not a forecast, and not a survey: firms are drawn from declared distributions, and which signal stands for",
        "which item is judgement. Published: 434 firms (SAS, Peppers and Rogers 2009). Errors are standard errors",
        "over worlds, which firms share.",
        f"Customers take for normal {NORMAL[settings.usual]} (usual={settings.usual}).",
    ]
    again = int((firms["redraws"] > 0).sum())
    if again:
        lines.append(f"Of {counted(again, 'firm')} incentives and norms were drawn again: unchanged they would not "
                     "have stayed as they are.")  # fmt: skip
    return "\n".join(lines)


def items_text(items: pd.DataFrame) -> str:
    """Items with a counterpart as a table, the others in a line."""
    rows = [["good or excellent, % of firms", "published", "simulated", "error", "published share"]]
    for _, row in items[items["signal"] != ""].iterrows():
        shown = [f"{row['published']:.0f}", f"{row['simulated']:.0f}", f"{row['standard_error']:.1f}"]
        rows.append([row["item"], *shown, row["role"]])
    left = ", ".join(items.loc[items["signal"] == "", "item"])
    note = textwrap.fill(f"Without counterpart in the model: {left}.", 110)
    return aligned(rows, f"Items (good or excellent from {GOOD_SCORE:g} on the scale 1-5)", note)


def levels_text(levels: Mapping[str, Estimate]) -> str:
    """Shares of firms at every level."""
    rows = [["customer experience maturity", "share of firms", "error", "published"]]
    for name, found in levels.items():
        rows.append([name, percent(found.value), f"{100 * found.error:.1f}", PUBLISHED_LEVELS.get(name, "")])
    return aligned(rows, "Levels (fixed cuts at 1.5, 2.5, 3.5, 4.5)")


def advantage_text(found: Mapping[str, Advantage]) -> str:
    """Who beats the competitors."""
    rows = [["beat their competitors", "strong", "weak", f"odds ratio [{INTERVAL}]", "error of log odds", "published"]]
    for name, one in found.items():
        shares = [f"{percent(p)} of {n}" for p, n in ((one.strong, one.n_strong), (one.weak, one.n_weak))]
        odds = f"{one.odds.value:.1f} [{one.odds.low:.1f}, {one.odds.high:.1f}]"
        known = min(one.n_strong, one.n_weak) > 0
        rows.append([name, *shares, *([odds, f"{one.odds.error:.2f}"] if known else ["-", "-"]), PUBLISHED_ODDS[name]])
    note = (
        "Beat: performance above the median; performance: mean of z-scores of profit margin, annual retention and\n"
        "growth of the number of customers over the last 12 months. The published firms rated themselves."
    )
    return aligned(rows, "Advantage", note)


def correlations_text(table: pd.DataFrame) -> str:
    """Indices against performance."""
    rows = [["correlation with performance", f"r [{INTERVAL}]", "error", "published"]]
    for _, row in table.iterrows():
        r = f"{row['correlation']:.2f} [{row['low']:.2f}, {row['high']:.2f}]" if known(row["correlation"]) else "-"
        error = f"{row['standard_error']:.2f}" if known(row["correlation"]) else "-"
        rows.append([row["about"], r, error, PUBLISHED_CORRELATION.get(row["index"], "")])
    return aligned(rows, "Correlations")


def known(number: float) -> bool:
    """Whether there is a number."""
    return math.isfinite(number)
