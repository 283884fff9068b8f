"""The customers' proneness to leave: fitted to the retention table before anything runs, and reported."""

from __future__ import annotations

import math

from sim.params.scenario import Scenario
from sim.structure import make_structure

POOR_FIT = 5.0  # percentage points


def _chance(p: float) -> str:
    return "p < 0.01" if p < 0.01 else f"p = {p:.2f}"


def fitted_lines(scenario: Scenario) -> list[str]:
    """Fit the retention table and say, in one line per segment, what was found and how well it fits.

    Raises:
        InputError: the table is bad or lacks a segment; nothing has been computed yet.
    """
    base = scenario.organisation.customers
    lines = [f"Proneness to leave, fitted to {base.retention_table} (gamma frailty, maximum likelihood):"]
    for name, fit in make_structure(scenario).frailties.items():
        later = "" if math.isnan(fit.holdout_error) else f", {fit.holdout_error:.1f} in later years"
        text = (
            f"  {name}: base hazard {100 * fit.base_hazard:.2f}%/month, shape {fit.shape:.2f}; largest error "
            f"{fit.largest_error:.1f} points in years 1-{fit.fit_years}{later}; {_chance(fit.p_value)}"
        )
        if fit.largest_error > POOR_FIT:
            text += "\n  WARNING: this table is not fitted; do not trust what is said about churn of this segment"
        lines.append(f"{text}. {fit.note}" if fit.note else text)
    return lines
