"""All patterns, one file each, in the order of the page: calibration first, then customers, people, leaders, firms."""

from __future__ import annotations

from experiments.validation.pattern import Pattern
from experiments.validation.patterns import (
    development,
    engaged_units,
    ensemble,
    incentives_and_norms,
    lags,
    leader_stage,
    managers,
    placebo,
    service_profit_chain,
    survival,
    targets,
)

PATTERNS: tuple[Pattern, ...] = tuple(
    module.PATTERN
    for module in (
        targets, ensemble, survival, engaged_units, managers, lags, service_profit_chain, incentives_and_norms,
        leader_stage, placebo, development,
    )
)  # fmt: skip
BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
