"""What a user sets about replication planning."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, field_validator

from experiments.evaluation.settings import OnePointSettings
from experiments.headline import BY_NAME, LEVEL, Measure
from experiments.settings import Names
from experiments.tables import HEADLINES
from sim.errors import InputError

MEASURED = (*HEADLINES, "customer_equity", "npv", "stopped")  # measures that every run has


class Detect(NamedTuple):
    """A difference worth detecting.

    Args:
        amount: size, above 0.
        percent: whether it is a percentage of the baseline's level; else in the unit in which differences are shown.
    """

    amount: float
    percent: bool

    def __str__(self) -> str:
        """Text as typed."""
        return f"{self.amount:g}{'%' if self.percent else ''}"

    def of(self, measure: Measure, baseline: float) -> float:
        """The difference in the unit of tables.

        Args:
            measure: what is measured.
            baseline: its level without a programme.
        """
        return self.amount / 100 * abs(baseline) if self.percent else self.amount / measure.scale


def _one_each(value: object) -> object:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Detects = Annotated[tuple[str | float, ...], BeforeValidator(_one_each)]


class ReplicationSettings(OnePointSettings):
    """Which difference, in which measures, how surely."""

    measure: Names = Field(
        ("customer_equity", "npv"), min_length=1, description=f"Measures looked at: {', '.join(MEASURED)}."
    )
    detect: Detects = Field(
        ("2%",), min_length=1, description="Difference to the baseline worth detecting: a percentage of the baseline's "
        "level such as 2%, or a number in the unit in which differences are shown; one for all measures, or one each.",
    )  # fmt: skip
    power: float = Field(0.90, ge=0.5, le=0.999, description="Chance that a difference of that size is detected.")
    level: float = Field(
        LEVEL, ge=0.5, le=0.999, description="Of the interval that must exclude zero: two-sided paired t at 1 - level."
    )
    sizes: tuple[Annotated[int, Field(ge=2, le=10_000)], ...] = Field(
        (32, 64, 128), description="Replicates for which the smallest detectable difference is shown.",
        json_schema_extra={"unit": "replicates"},
    )  # fmt: skip

    @field_validator("measure")
    @classmethod
    def _measured(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in MEASURED:
                raise InputError("measure", "unknown measure", name, f"choose from {', '.join(MEASURED)}")
        return value

    @field_validator("detect")
    @classmethod
    def _above_zero(cls, value: tuple[str | float, ...]) -> tuple[str | float, ...]:
        for one in value:
            _read(one)
        return value

    @property
    def wanted(self) -> list[tuple[Measure, Detect]]:
        """Measures, each with the difference worth detecting.

        Raises:
            InputError: neither one difference nor one per measure was given.
        """
        given = [_read(one) for one in self.detect]
        if len(given) not in (1, len(self.measure)):
            rule = f"must be one difference, or one for each of {len(self.measure)} measures"
            raise InputError("detect", rule, len(given), "write for example detect=2%")
        given = given * len(self.measure) if len(given) == 1 else given
        return [(BY_NAME[name], one) for name, one in zip(self.measure, given, strict=True)]


def _read(value: str | float) -> Detect:
    text = str(value).strip()
    percent = text.endswith("%")
    try:
        amount = float(text.removesuffix("%"))
    except ValueError:
        amount = math.nan
    if not (math.isfinite(amount) and amount > 0):
        raise InputError("detect", "must be a number above 0 or a percentage", value, "write for example detect=2%")
    return Detect(amount, percent)
