"""What a user sets about a design."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, field_validator

from sim.params.field import Parameters

if TYPE_CHECKING:
    from experiments.designs.space import Space


class Kind(StrEnum):
    """How points are chosen."""

    GRID = "grid"  # every combination of levels
    LIST = "list"  # first values together, second values together, ...
    LATIN = "lhs"  # Latin hypercube
    SOBOL = "sobol"  # Sobol's sequence
    MORRIS = "morris"  # trajectories that move one factor at a time
    SALTELLI = "saltelli"  # two Sobol samples with columns exchanged


class DesignSettings(Parameters):
    """Which points."""

    REFUSED: ClassVar[Set[str]] = frozenset()  # settings that a verb inherits and does not take

    design: str = Field("grid", description=f"{', '.join(Kind)}, or a CSV file with one column per dotted name.")
    vary: dict[str, Any] = Field(default_factory=dict, description="Dotted name -> values, [LOW,HIGH] or prior.")
    samples: int = Field(
        64, ge=1, le=2**20, description="Points of lhs and sobol, trajectories of morris, base sample of saltelli."
    )
    levels: int = Field(3, ge=2, le=1000, description="Values of a grid along a factor given by prior.")

    def varied(self, space: Space) -> Mapping[str, Any]:
        """Everything that is varied; verbs that vary more than is typed say so here.

        Args:
            space: what could be varied.
        """
        return self.vary

    @field_validator("vary", mode="before")
    @classmethod
    def _dotted(cls, value: Any) -> Any:
        """Names nested by dots as flat dotted names."""
        return flat(value) if isinstance(value, dict) else value

    @field_validator("design")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in list(Kind) and not value.endswith(".csv"):
            raise ValueError(f"must be one of {', '.join(Kind)} or a file that ends in .csv, got {value}")
        return value


def flat(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """A tree of values as dotted name -> value."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        found |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return found
