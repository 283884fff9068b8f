"""How tables and numbers look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 118  # characters of a line


def aligned(rows: Sequence[Sequence[str]], title: str = "", note: str = "") -> str:
    """A table with a header row: first column to the left, the others to the right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        others = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *others]).rstrip())
    rule = "-" * max(len(text) for text in lines)
    return "\n".join([*([title] if title else []), lines[0], rule, *lines[1:], *([note] if note else [])])


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
