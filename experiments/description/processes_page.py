"""`docs/processes.md`: the phases of a month in order, and the state of every kind of entity."""

from __future__ import annotations

import inspect
from functools import cache
from types import ModuleType

from experiments.description.declarations import declarations
from experiments.description.markdown import NOTE, code, table, together
from experiments.description.reading import Found, follow
from experiments.description.state_tables import state_tables
from sim.build import build
from sim.draws import Stream
from sim.measures.organisation import measure
from sim.measures.questions import ask
from sim.measures.silo import measure_silos
from sim.model import PHASES
from sim.structure import make_structure

INTRODUCTION = """
Read off the syntax trees of the code: a phase is followed from its `advance` through everything of the model that it
calls. *Reads* and *writes* name variables of the state (tables below). A phase may reach further: what a later phase
needs at once, such as the practised design, is worked out by the phase that knows it. Equations are in
[model](model.md), values in [parameters](parameters.md).
"""


@cache
def phase_of(module: ModuleType) -> Found:
    """What a phase does."""
    return follow(module.advance)


@cache
def beginning() -> Found:
    """What is done before the first month."""
    found, structure = follow(build), follow(make_structure)
    found.parameters |= structure.parameters
    found.functions |= structure.functions
    return found


@cache
def looking() -> Found:
    """What is read to measure and to answer questions."""
    found = Found()
    for function in (measure, measure_silos, ask):
        found.parameters |= follow(function).parameters
    return found


def short(module: ModuleType) -> str:
    """Name of a phase."""
    return module.__name__.rsplit(".", 1)[-1]


def processes_page() -> str:
    """The page."""
    page = f"# Processes and state\n\n{NOTE}{INTRODUCTION}\n## A month\n\n"
    rows = [(n, f"[{short(p)}](#{n}-{short(p)})", first_line(p), code(streams(phase_of(p))))
            for n, p in enumerate(PHASES, 1)]  # fmt: skip
    page += table(("", "phase", "what it does", "streams"), rows)
    for n, module in enumerate(PHASES, 1):
        page += f"### {n} {short(module)}\n\n{inspect.getdoc(module)}\n\n{inspect.getdoc(module.advance)}\n\n"
        page += facts(phase_of(module))
    page += "## Before the first month\n\nThe structure that never changes, and the state of the first month.\n\n"
    page += facts(beginning())
    page += "## Read by no phase\n\n" + unread() + "## State\n\n" + state_tables()
    return page.rstrip() + "\n"


def first_line(module: ModuleType) -> str:
    """What the file says that the phase does."""
    return (inspect.getdoc(module) or "").split("\n")[0].split(": ", 1)[-1]


def streams(found: Found) -> list[str]:
    """Streams in the order of their numbers."""
    return [stream.name for stream in Stream if stream.name in found.streams]


def facts(found: Found) -> str:
    """What was found, as a list."""
    steps = [name for name in found.functions if name.split(".")[0] not in ("world", "params")]
    steps = [name for name in steps if not name.endswith(".advance")]
    rules = [name for name in found.rules if not name.startswith("draws.")]
    lines = {
        "steps": code(steps),
        "compiled rules": code(rules),
        "draws from": code(streams(found)),
        "reads": together(found.reads),
        "writes": together(found.writes),
        "parameters": together(found.parameters),
    }
    return "".join(f"- *{name}*: {text}\n" for name, text in lines.items() if text) + "\n"


def unread() -> str:
    """Parameters that only measures or nobody read."""
    known = set.union(*(phase_of(p).parameters for p in PHASES), beginning().parameters)
    rest = [one.name for one in declarations() if one.name not in known]
    seen = [name for name in rest if name in looking().parameters]
    names = [name for name in rest if name not in seen]
    return (
        f"Only measures and the five questions read {code(seen)}. Names, texts and the length of a run are read by "
        f"nobody in the model: {code(names)}.\n\n"
    )
