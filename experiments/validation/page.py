"""The result on screen and as a page of the documents."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.evidence import FIGURES, SOURCES
from experiments.validation.compute import Measured
from experiments.validation.judgement import name, tally
from experiments.validation.pattern import Claim, Verdict
from experiments.validation.settings import ValidationSettings

RULE = (
    "Inside the band counts as a hit only if the experiment could have missed (two standard errors at most half the\n"
    "band, or two standard errors inside an open one); outside by more than two standard errors is a miss; the rest\n"
    "is unclear. Bands were fixed before the model was looked at; where numbers of replicates, mechanisms or readings\n"
    "were changed after a first look, the remark says so. Not a forecast."
)


def on_screen(measured: Sequence[Measured], table: pd.DataFrame, without: pd.DataFrame) -> str:
    """The table for a terminal."""
    rows = {row["pattern"]: row for row in table.to_dict("records")}
    lines = [f"{'':<64}{'published':>20}{'simulated':>20}  verdict"]
    for one in measured:
        lines += ["", f"{one.pattern.question} [{one.pattern.use}]"]
        for claim in one.pattern.claims:
            row = rows[name(one, claim)]
            lines.append(f"  {claim.label:<62}{band(claim):>20}{seen(row):>20}  {outcome(claim, row)}")
    if len(without):
        lines += ["", "Without the mechanism that a pattern is said to depend on:"]
        lines += [
            f"  {row['pattern']}, without: {row['mechanism']}: {row['verdict']} becomes {row['verdict_without']} "
            f"({row['simulated']:.3g} -> {row['simulated_without']:.3g} +- {row['standard_error_without']:.2g}); "
            f"{row['shows']}"
            for row in without.to_dict("records")
        ]
    return "\n".join([*lines, "", f"{tally(table)}.", RULE])


def band(claim: Claim) -> str:
    """A band in words: "3 to 7", "above 0"."""
    if math.isinf(claim.high):
        return f"above {claim.low:.3g}"
    if math.isinf(claim.low):
        return f"below {claim.high:.3g}"
    return f"{claim.low:.3g} to {claim.high:.3g}"


def seen(row: Mapping[Any, Any]) -> str:
    """Simulated value with its standard error."""
    value, error = float(row["simulated"]), float(row["standard_error"])
    return f"{value:.3g} +- {error:.2g}" if math.isfinite(value) else "-"


def outcome(claim: Claim, row: Mapping[Any, Any]) -> str:
    """The verdict, and by how much a band was missed."""
    verdict, value = str(row["verdict"]), float(row["simulated"])
    return f"MISS by {claim.missed_by(value):.2g}" if verdict == Verdict.MISS else verdict


def as_page(
    measured: Sequence[Measured], table: pd.DataFrame, without: pd.DataFrame, settings: ValidationSettings
) -> str:
    """The page of the documents."""
    form = " quick=true" if settings.quick else ""
    rows = {row["pattern"]: row for row in table.to_dict("records")}
    lines = [
        "# Validation", "",
        f"Written by `ungridlock validate{form}`; not edited by hand (`make validation` renews it).", "", RULE, "",
        f"{tally(table)}.", "", "| pattern | use | held against | published | simulated +- standard error | verdict |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for one in measured:
        for claim in one.pattern.claims:
            row = rows[name(one, claim)]
            where = f"[{one.pattern.key}](#{one.pattern.key}): {claim.label}"
            lines.append(f"| {where} | {row['use']} | {row['against']} | {band(claim)} {_unit(claim)} | {seen(row)} | "
                         f"{outcome(claim, row)} |")  # fmt: skip
    if len(without):
        lines += mechanisms(without)
    for one in measured:
        lines += section(one, rows)
    return "\n".join(lines) + "\n"


def mechanisms(without: pd.DataFrame) -> list[str]:
    """What is left of every pattern without what it is said to depend on, and what that shows."""
    hits = without[without["verdict"] == Verdict.HIT]
    kept = [row["pattern"] for row in hits.to_dict("records") if row["verdict_without"] != Verdict.MISS]
    said = f"Of {len(hits)} hits {len(hits) - len(kept)} become misses"
    said += f"; {', '.join(kept)} {'do' if len(kept) > 1 else 'does'} not." if kept else "."
    lines = ["", "## What the patterns depend on", "",
             f"The same experiment with one mechanism switched off, in fewer replicates. {said}", "",
             "| pattern | without | with it | without it | shows |", "|---|---|---|---|---|"]  # fmt: skip
    return lines + [
        f"| {row['pattern']} | {row['mechanism']} | {row['simulated']:.3g} +- {row['standard_error']:.2g}: "
        f"{row['verdict']} | {row['simulated_without']:.3g} +- {row['standard_error_without']:.2g}: "
        f"{row['verdict_without']} | {row['shows']} |"
        for row in without.to_dict("records")
    ]


def section(one: Measured, rows: Mapping[Any, Mapping[Any, Any]]) -> list[str]:
    """What was published, what is measured, what came out, with its figure."""
    pattern = one.pattern
    sources = dict.fromkeys(s for key in pattern.figures for s in FIGURES[key].sources)
    lines = ["", f"## {pattern.key}", "", f"**{pattern.question}** ({pattern.use}, {len(one.readings)} replicates)", ""]
    lines += [f"*Published*: {pattern.published} ({'; '.join(SOURCES[s] for s in sources)})", ""]
    lines += [f"*Counterpart*: {pattern.counterpart}", ""]
    for claim in pattern.claims:
        row = rows[name(one, claim)]
        lines.append(f"- {claim.label}: {band(claim)} {_unit(claim)} ({claim.tolerance}); simulated {seen(row)}: "
                     f"**{outcome(claim, row)}**")  # fmt: skip
    if pattern.remark:
        lines += ["", f"*Remark*: {pattern.remark}"]
    return [*lines, "", f"![{pattern.question}](figures/validation_{pattern.key}.png)"]


def _unit(claim: Claim) -> str:
    return "" if claim.unit == "1" else claim.unit
