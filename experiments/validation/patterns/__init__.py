"""All patterns, one file each, in the order of the page: calibration first, then customers, people, leaders, firms."""

from __future__ import annotations

from experiments.validation.pattern import Pattern
from experiments.validation.patterns import (
    engaged_units,
    ensemble,
    lags,
    manager,
    service_profit_chain,
    survival,
    targets,
)

PATTERNS: tuple[Pattern, ...] = tuple(
    module.PATTERN for module in (targets, ensemble, survival, engaged_units, manager, lags, service_profit_chain)
)
BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
