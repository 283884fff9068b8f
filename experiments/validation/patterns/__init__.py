"""All patterns, one file each, in the order of the page: calibration first, then customers, firms, people, leaders."""

from __future__ import annotations

from experiments.validation.pattern import Pattern
from experiments.validation.patterns import (
    advantage,
    defections,
    development,
    elasticities,
    engaged_units,
    ensemble,
    incentives_and_norms,
    lags,
    leader_stage,
    managers,
    market_orientation,
    maturity,
    placebo,
    reorganisation,
    service_profit_chain,
    staged_rollout,
    survival,
    targets,
    worse_before_better,
)

PATTERNS: tuple[Pattern, ...] = tuple(
    module.PATTERN
    for module in (
        targets, ensemble, development, survival, elasticities, defections, staged_rollout, reorganisation,
        worse_before_better, maturity, advantage, market_orientation, engaged_units, managers, lags,
        service_profit_chain, incentives_and_norms, leader_stage, placebo,
    )
)  # fmt: skip
BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
