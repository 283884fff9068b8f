"""The same rules in plain Mesa."""

from benchmarks.plain_mesa.model import PlainModel

__all__ = ["PlainModel"]
