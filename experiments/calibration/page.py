"""What a calibration found, on screen and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments.calibration.identify import Identified, central
from experiments.calibration.targets import TARGETS
from experiments.ensembles import FOUND

CHOSEN = (
    "None of these lives steers a search, but it stops at the first set that fits there, and sets that do not are not\n"
    "kept: they choose the members, so that the readings below are no test of them. Lives that chose nothing are read\n"
    "in [validation](validation.md#ensemble)."
)
SPREAD_LEFT = (
    "*Spread left* is the spread of a parameter among the members as a share of that of the range that was searched:\n"
    "near 100% the targets say nothing about it. The member in the middle gives the defaults."
)
NOT_A_FORECAST = "Fitted to published figures about unchanged organisations; no strategy takes part. Not a forecast."


def on_screen(members: pd.DataFrame, searches: int, found: Identified | None) -> str:
    """The answer for a terminal."""
    lines = [f"{len(members)} of {searches} searches found a set that meets every target on lives kept apart for that."]
    if found is None:
        return "\n".join([*lines, "Too few to say more."])
    lines += ["", f"{'target':<66}{'published':>18}{'ensemble 5-95%':>20}"]
    lines += [f"{label:<66}{band:>18}{seen:>20}" for label, band, seen in target_rows(members)]
    lines += ["", f"{'free parameter':<48}{'searched':>16}{'ensemble 5-95%':>20}{'spread left':>13}"]
    lines += [f"{name:<48}{span:>16}{kept:>20}{left:>13}" for name, span, kept, left in parameter_rows(found)]
    return "\n".join([*lines, "", *sentences(found), "", NOT_A_FORECAST])


def target_rows(members: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Label, published band, what 90% of the members show."""
    rows = []
    for target in TARGETS:
        low, high = np.percentile(members[FOUND + target.name], (5, 95))
        rows.append((target.label, f"{target.low:.3g} - {target.high:.3g}", f"{low:.3g} - {high:.3g}"))
    return rows


def parameter_rows(found: Identified) -> list[tuple[str, str, str, str]]:
    """Name, searched range, what 90% of the members have, spread that is left."""
    return [
        (str(r["parameter"]), f"{r['low']:.3g} - {r['high']:.3g}", f"{r['p5']:.3g} - {r['p95']:.3g}",
         f"{100 * float(r['left']):.0f}%")
        for r in found.table.to_dict("records")
    ]  # fmt: skip


def sentences(found: Identified) -> list[str]:
    """What the targets can and cannot tell, in words."""
    said = []
    if found.told:
        said.append(f"The targets tell: {', '.join(found.told)}.")
    if found.untold:
        said.append(f"They say next to nothing about: {', '.join(found.untold)}.")
    said += [
        f"They cannot tell apart: {a} and {b} (rank correlation {r:+.2f}: "
        f"{'both rise together' if r > 0 else 'one makes up for the other'})."
        for a, b, r in found.pairs
    ]
    return said or ["The targets narrow every parameter a little and none much."]


def as_page(members: pd.DataFrame, found: Identified | None, provenance: Mapping[str, Any]) -> str:
    """The page of the documents."""
    lines = [
        "# Calibration", "",
        f"Written by `{provenance['command']}`",
        f"(version {provenance['version']}, {provenance['date']}); not edited by hand. {NOT_A_FORECAST}", "",
        f"{provenance['members']} of {provenance['searches']} searches found a parameter set that meets every target "
        f"on {provenance['lives_checked']} lives kept apart for that; {provenance['evaluations']:,} sets "
        "were tried.", CHOSEN, "", *([provenance["note"], ""] if "note" in provenance else []),
    ]  # fmt: skip
    if found is None:
        return "\n".join(lines)
    lines += ["| target | published | 90% of the members | source | how the band follows |", "|---|---|---|---|---|"]
    lines += [
        f"| {label} | {band} | {seen} | {t.source} | {t.note} |"
        for (label, band, seen), t in zip(target_rows(members), TARGETS, strict=True)
    ]
    middle = members.iloc[central(members)]
    lines += ["", SPREAD_LEFT, ""]
    lines += ["| free parameter | searched | 90% of the members | member in the middle | spread left |",
              "|---|---|---|---|---|"]  # fmt: skip
    lines += [
        f"| `{name}` | {span} | {kept} | {middle[name]:.3g} | {left} |"
        for name, span, kept, left in parameter_rows(found)
    ]
    return "\n".join([*lines, "", *(f"- {s}" for s in sentences(found)), ""])
