"""All patterns, one file each, in the order of the page: calibration first, then customers, people, leaders, firms."""

from __future__ import annotations

from experiments.validation.pattern import Pattern
from experiments.validation.patterns import (
    advantage,
    defections,
    elasticities,
    ensemble,
    market_orientation,
    maturity,
    reorganisation,
    staged_rollout,
    survival,
    targets,
    worse_before_better,
)

PATTERNS: tuple[Pattern, ...] = tuple(
    module.PATTERN
    for module in (
        targets,
        ensemble,
        survival,
        elasticities,
        defections,
        staged_rollout,
        reorganisation,
        worse_before_better,
        maturity,
        advantage,
        market_orientation,
    )
)
BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
