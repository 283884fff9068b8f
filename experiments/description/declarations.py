"""Every parameter as it is declared: default, unit, range, prior, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from experiments.description.symbols import SCENARIO, Group
from experiments.evidence import FIGURES, LABELS, Use
from sim.params.field import extras
from sim.params.scenario import Scenario


class Kind(StrEnum):
    """Who says what a number is."""

    CHOICE = "choice"  # what is done: a plan has no evidence
    SETTING = "setting"  # which company in which market: the user says, the default is an example
    RESPONSE = "response"  # how people and customers respond: evidence or judgement


class Basis(StrEnum):
    """What a default rests on."""

    PUBLISHED = "published"  # a published figure
    CALIBRATED = "calibrated"  # set so that the unchanged organisation shows a published figure
    JUDGEMENT = "judgement"


KINDS = {
    **dict.fromkeys(("strategy", "months", "burn_in"), Kind.CHOICE),
    **dict.fromkeys(("behaviour", "customers", "programme"), Kind.RESPONSE),
}


class Declared(NamedTuple):
    """One parameter."""

    name: str  # dotted, NAME where the user names the part
    group: str  # dotted name of its model
    about: str  # what the model is for
    default: Any
    info: FieldInfo

    @property
    def number(self) -> bool:
        """True for numbers and tables of numbers, False for names, kinds and switches."""
        return "unit" in extras(self.info)

    @property
    def kind(self) -> Kind:
        """Choice, setting or response."""
        return KINDS.get(self.name.split(".")[0], Kind.SETTING)

    @property
    def source(self) -> str:
        """Source as declared, empty where there is none to declare."""
        return str(extras(self.info).get("source", "")) if self.kind is not Kind.CHOICE else ""

    @property
    def grade(self) -> str:
        """Evidence grade, empty for choices."""
        return str(extras(self.info).get("grade", "")) if self.kind is not Kind.CHOICE else ""

    @property
    def prior(self) -> list[float] | None:
        """Range of equally plausible values."""
        return extras(self.info).get("prior")

    @property
    def bounds(self) -> tuple[Any, Any] | None:
        """Smallest and largest value accepted."""
        limits = {type(one).__name__: one for one in self.info.metadata}
        return (limits["Ge"].ge, limits["Le"].le) if {"Ge", "Le"} <= limits.keys() else None

    @property
    def basis(self) -> Basis:
        """What the default rests on."""
        if self.source.startswith(("calibrated", "same calibration", "set so")):
            return Basis.CALIBRATED
        return Basis.PUBLISHED if cited(self.source) else Basis.JUDGEMENT


def cited(source: str) -> list[str]:
    """Keys of the publications that a source names; the longest label counts where one is part of another."""
    found = [(label, key) for key, label in LABELS.items() if label in source]
    return [key for label, key in found if not any(label != other and label in other for other, _ in found)]


def may_calibrate(publication: str) -> bool:
    """True if one of its figures may set a parameter."""
    return any(publication in one.sources and one.use is Use.CALIBRATION for one in FIGURES.values())


def declarations() -> list[Declared]:
    """All parameters of a scenario, in the order of declaration."""
    return list(_walk(SCENARIO, None))


def _walk(group: Group, instance: BaseModel | None) -> Iterator[Declared]:
    about = (group.model.__doc__ or "").strip().split("\n")[0] if group.model is not Scenario else "The run."
    later: list[tuple[Group, BaseModel | None]] = []
    for name, info in group.model.model_fields.items():
        default = info.get_default(call_default_factory=True) if instance is None else getattr(instance, name)
        below = group.field(name)
        if below is not None:
            one = below.element() if below.many else below
            later.append((one, default if isinstance(default, BaseModel) and not below.many else None))
        else:
            default = None if default is PydanticUndefined else default
            yield Declared(f"{group.path}.{name}".lstrip("."), group.path, about, default, info)
    for one, inner in later:
        yield from _walk(one, inner)
