"""How much of the differences in engagement between units is their managers' doing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.evidence import Use
from experiments.validation.branches import chain, correlation, year_of_branches
from experiments.validation.pattern import Claim, Cloud, Mechanism, Pattern, Readings, Setting, mean_of

CUSTOMERS = 0.05  # share of the customer agents: customers matter little here


def once(setting: Setting) -> Readings:
    """Share of the variance of branches' mean engagement that goes with the manager."""
    units = year_of_branches(chain(setting, CUSTOMERS), setting.seed, setting.replicate)
    share = correlation(units["manager"], units["engagement"]) ** 2
    return {"share": share, "manager": units["manager"], "engagement": units["engagement"]}


def picture(readings: Sequence[Readings]) -> Cloud:
    """Branches of the first company."""
    first = readings[0]
    return Cloud(
        {"branches": (np.asarray(first["manager"]).tolist(), (1 + 4 * np.asarray(first["engagement"])).tolist())},
        "manager effect (logit)", "mean engagement of the branch (1-5)",
    )  # fmt: skip


PATTERN = Pattern(
    key="managers",
    question="How much of the differences in engagement between units goes with their managers?",
    figures=("gallup_manager",),
    use=Use.VALIDATION,
    published="Managers account for about 70% of the variance of engagement between units (a vendor's estimate).",
    counterpart="A hundred branches of 25 people in a year without any programme: squared correlation of the branch's "
    "mean engagement over the year with its manager's effect, within a company. The rest is who happens to work there "
    "and what they go through. Only the size of differences between units was calibrated, to another source.",
    once=once,
    claims=(
        Claim("share", "variance of engagement between units that goes with the manager", 0.5, 0.9, "share of variance",
              mean_of("share"), "published .7; loose, since the source doesn't say how it was estimated"),
    ),
    replicates=(16, 60),
    mechanism=Mechanism("managers differ", {"behaviour.engagement.unit_spread": 0.0}, "share"),
    picture=picture,
    remark="Units differ in the simulation through managers and the draw of their people only. With n people in a unit "
    "and a share rho of the variance between units, a manager's share is near rho / (rho + (1 - rho) / n): it follows "
    "from the calibrated rho and the size of units, and larger units would show a larger share.",
)  # fmt: skip
