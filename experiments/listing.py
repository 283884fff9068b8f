"""What `ungridlock list` prints: the entries of every group, or parameters by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from experiments.complaints import did_you_mean
from experiments.configuration import GROUPS, Library, load_job
from experiments.verb_help import OWN, own_settings, written
from sim.errors import InputError
from sim.params.field import extras, walk


def listing(words: list[str], config_dir: Path | None) -> Iterator[str]:
    """Lines to print.

    Args:
        words: nothing for all groups, else groups, commands or parts of dotted parameter names.
        config_dir: folder with entries of one's own.

    Raises:
        InputError: a word is neither a group nor part of a parameter's name.
    """
    library = Library(config_dir)
    for word in words or GROUPS:
        yield from _group(word, library) if word in GROUPS else _parameters(word)
    if not words:
        yield ""
        yield "One group, or every parameter whose name contains a word: ungridlock list WORD"


def _group(group: str, library: Library) -> Iterator[str]:
    default = library.defaults()[group]
    yield f"{group}:"
    for name, path in library.entries(group).items():
        lines = path.read_text(encoding="utf-8").splitlines()
        first = next((text for text in lines if not text.startswith("# @package")), "")
        about = first.removeprefix("#").strip() if first.startswith("#") else ""
        yield f"  {name + (' *' if name == default else ''):<32}{about}".rstrip()


def _parameters(word: str) -> Iterator[str]:
    job = load_job("run")
    leaves = [*walk(job.scenario), *walk(job.settings)]
    known = {name for name, _, _ in leaves}
    of_verbs = [(f"{verb}: {name}", *told) for verb in OWN for name, told in own_settings(verb).items()
                if name not in known]  # fmt: skip
    found = [leaf for leaf in leaves + of_verbs if word in leaf[0]]
    if not found:
        parts = sorted({part for name, _, _ in leaves for part in name.split(".")} | set(GROUPS))
        raise InputError(
            "list",
            "no group or parameter of this name",
            word,
            did_you_mean(word, parts, "ungridlock list shows the groups"),
        )
    for name, info, value in found:
        limits = {type(item).__name__: item for item in info.metadata}
        span = f" [{limits['Ge'].ge} to {limits['Le'].le}]" if {"Ge", "Le"} <= set(limits) else ""
        unit = extras(info).get("unit", "")
        yield f"{name}={written(value)}  {unit if unit != '1' else ''}{span}  {info.description or ''}".rstrip()
