"""All patterns, one file each, in the order of the page: calibration first, then customers, people, leaders, firms."""

from __future__ import annotations

from experiments.validation.pattern import Pattern
from experiments.validation.patterns import defections, elasticities, ensemble, survival, targets

PATTERNS: tuple[Pattern, ...] = tuple(
    module.PATTERN for module in (targets, ensemble, survival, elasticities, defections)
)
BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
