"""What a parameter is: a default with unit, range, source and evidence grade, declared once.

Everything else (tables, JSON schema, prior draws, switch-off tests, numba records) is derived from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo


class Grade(StrEnum):
    """How good the evidence behind a value is."""

    A = "A"  # measured in this setting
    B = "B"  # measured elsewhere
    C = "C"  # analogous case
    D = "D"  # judgement


class Parameters(BaseModel):
    """Base of every parameter model: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _truth_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse true and false where a number is expected; pydantic would take them for 1 and 0."""
        if isinstance(value, bool) and cls.model_fields[str(info.field_name)].annotation in (int, float):
            raise ValueError(f"must be a number, got {value}; write a number")
        return value


def par(
    default: float,
    unit: str,
    bounds: tuple[float, float],
    doc: str,
    *,
    source: str = "judgement",
    grade: str = "D",
    off: float | None = None,
    prior: tuple[float, float] | None = None,
) -> Any:
    """Declare a number.

    Args:
        default: the value used when nothing else is said.
        unit: unit of the value, "1" for a pure number.
        bounds: smallest and largest value accepted.
        doc: what the number means, in one sentence.
        source: author and year of a figure that may be used for calibration (`experiments/evidence.py`), "judgement"
            (and on what it rests), or the calibration that produced it.
        grade: evidence grade A to D, see `Grade`.
        off: the value at which the rule that the number drives is switched off.
        prior: range of equally plausible values; a number with a prior is one of the things "we don't know".
    """
    low, high = bounds
    extra: dict[str, Any] = _evidence(unit, source, grade)
    if off is not None:
        extra["off"] = off
    if prior is not None:
        extra["prior"] = list(prior)
    return Field(default, ge=low, le=high, description=doc, json_schema_extra=extra, allow_inf_nan=False)


def whole(
    default: int, unit: str, bounds: tuple[int, int], doc: str, *, source: str = "judgement", grade: str = "D"
) -> Any:
    """Declare a whole number; arguments as in `par`."""
    low, high = bounds
    return Field(default, ge=low, le=high, description=doc, json_schema_extra=_evidence(unit, source, grade))


def by_stage(values: tuple[float, ...], unit: str, doc: str, *, source: str = "judgement", grade: str = "D") -> Any:
    """Declare one number for each of the seven action logics; arguments as in `par`."""
    extra = _evidence(unit, source, grade)
    return Field(values, min_length=7, max_length=7, description=doc, json_schema_extra=extra)


def _evidence(unit: str, source: str, grade: str) -> dict[str, Any]:
    return {"unit": unit, "source": source, "grade": Grade(grade).value}


def extras(field: FieldInfo) -> dict[str, Any]:
    """Unit, source, grade, off value and prior of a declared number (empty for other fields)."""
    found = field.json_schema_extra
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def walk(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, FieldInfo, Any]]:
    """Yield (dotted name, declaration, value) of every leaf below `model`, in declaration order."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        dotted = f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from walk(value, f"{dotted}.")
        elif isinstance(value, dict) and value and all(isinstance(v, BaseModel) for v in value.values()):
            for key, item in value.items():
                yield from walk(item, f"{dotted}.{key}.")
        else:
            yield dotted, info, value


def replace[M: BaseModel](model: M, changes: dict[str, Any]) -> M:
    """Copy of `model` with the values at dotted names changed, validated again.

    Raises:
        KeyError: a dotted name does not exist.
        pydantic.ValidationError: a value breaks its rule.
    """
    tree = model.model_dump()
    for dotted, value in changes.items():
        *path, last = dotted.split(".")
        node = tree
        for step in path:
            node = node[step]
        if last not in node:
            raise KeyError(dotted)
        node[last] = value
    return type(model).model_validate(tree)


def record(model: BaseModel) -> NDArray[Any]:
    """The numbers of one parameter model as the only row of a table of records: rules take row 0 and read it by name.

    A table is handed to a compiled rule ten times faster than a single record.
    """
    numbers = {k: float(v) for k, v in model.__dict__.items() if isinstance(v, (int, float))}
    return np.array(list(numbers.values())).view(_layout(tuple(numbers)))


@cache
def _layout(names: tuple[str, ...]) -> np.dtype[Any]:
    taken = [name for name in names if hasattr(np.record, name)]
    if taken:
        raise TypeError(f"parameters {taken} hide attributes of numpy records; rename them")
    return np.dtype((np.record, [(name, np.float64) for name in names]))
