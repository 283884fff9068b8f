"""Pieces of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

NOTE = "Written by `ungridlock describe` from the code; `make describe` renews it. Do not edit.\n"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table, followed by an empty line."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell(one) for one in line) + " |\n" for line in lines) + "\n"


def cell(value: Any) -> str:
    """One cell: no bar, no line break."""
    return shown(value).replace("|", "\\|").replace("\n", " ")


def shown(value: Any) -> str:
    """A value in short: numbers without needless digits, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 10_000 and value == int(value) else f"{value:.6g}"
    if isinstance(value, tuple | list):
        return ", ".join(shown(one) for one in value)
    return str(value)


def span(bounds: Sequence[Any] | None) -> str:
    """A range."""
    return f"{shown(bounds[0])} to {shown(bounds[1])}" if bounds else ""


def code(names: Iterable[str]) -> str:
    """Names in code font."""
    return ", ".join(f"`{name}`" for name in names)


def together(names: Iterable[str]) -> str:
    """Dotted names, those of one group together: `load`: capacity, tail_months."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        group, _, last = name.rpartition(".")
        groups.setdefault(group, []).append(last)
    parts = [f"`{group}.` " + code(last) if group else code(last) for group, last in groups.items()]
    return "; ".join(parts)
