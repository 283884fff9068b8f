"""`docs/parameters.md`: every parameter by its dotted name, and the tables that a plan draws on."""

from __future__ import annotations

from itertools import groupby

from experiments.configuration import load_scenario
from experiments.description.declarations import Declared, Kind, declarations
from experiments.description.markdown import NOTE, span, table
from sim.params.field import extras
from sim.params.organisation import Trait
from sim.params.programme import Stages, default_channels, default_initiatives
from sim.params.settings import STAGES
from sim.params.strategy import INITIATIVES

INTRODUCTION = """
Every name can be typed after `ungridlock run` or `ungridlock compare`, as in `behaviour.sharing.conformity=3`. NAME
stands for a unit, a segment, a trait, an initiative, a channel or a leader. *Range* is what is accepted, *prior* what
is drawn where `unknowns=prior`, *off* the value at which the rule is switched off. Defaults are those of the code; the
entries of `configs/` set other values for their company or plan, `ungridlock list WORD` shows what holds. Grades and
sources: [evidence](evidence.md). What reads a parameter: [processes](processes.md). What its equation is:
[model](model.md). Choices of a plan have neither source nor grade.
"""
HEAD = ("parameter", "default", "unit", "range", "prior", "off", "grade", "source", "meaning")


def parameters_page() -> str:
    """The page."""
    page = f"# Parameters\n\n{NOTE}{INTRODUCTION}\n"
    for group, members in groupby(declarations(), key=lambda one: one.group):
        rows = list(members)
        page += f"## `{group or 'months, burn_in'}`\n\n{rows[0].about}\n\n{table(HEAD, map(row, rows))}"
    return page + initiatives() + channels() + stages() + traits()


def row(one: Declared) -> tuple[object, ...]:
    """One parameter."""
    extra = extras(one.info)
    default = one.default if one.default not in ({}, None) else ""
    return (
        f"`{one.name}`", default, extra.get("unit", ""), span(one.bounds), span(one.prior), extra.get("off"), one.grade,
        one.source, one.info.description or "",
    )  # fmt: skip


def initiatives() -> str:
    """The eight initiatives."""
    names = ("difficulty", "price", "effort", "politics", "install_months", "decree", "capital")
    rows = [
        (f"`{key}`", *(getattr(one, name) for name in names), one.builds_on, one.investment)
        for key, one in default_initiatives().items()
    ]
    head = ("initiative", *(f"`{name}`" for name in names), "builds on", "investment")
    about = "Defaults of `programme.initiatives.NAME`; all judgement, grade D. Units and ranges: above."
    return f"## Initiatives\n\n{about}\n\n{table(head, rows)}"


def channels() -> str:
    """The channels of communication."""
    names = ("reach", "two_way", "trusted", "price")
    rows = [(f"`{key}`", *(getattr(one, name) for name in names)) for key, one in default_channels().items()]
    about = "Defaults of `programme.activities.channels.NAME` (the channels after Harper 2003, numbers judgement)."
    return f"## Channels\n\n{about}\n\n{table(('channel', *names), rows)}"


def stages() -> str:
    """What is observable of the seven action logics."""
    found = Stages()
    rows = [(f"`{name}`", *value, Stages.model_fields[name].description) for name, value in found]
    about = "Defaults of `programme.stages`, one number per action logic, linear between them; judgement, grade D."
    return f"## Stages\n\n{about}\n\n{table(('attribute', *STAGES, 'meaning'), rows)}"


def traits() -> str:
    """Traits of the culture at Midwest Telecom."""
    found: dict[str, Trait] = load_scenario().organisation.traits
    rows = [
        (f"`{key}`", "formal" if one.formal else "informal", one.strength, *(one.signs.get(i) for i in INITIATIVES))
        for key, one in found.items()
    ]
    head = ("trait", "kind", "strength", *(name.replace("_", " ") for name in INITIATIVES))
    about = (
        "Traits are set per organisation (`organisation.traits.NAME`); those of `midwest_telecom`. Signs: -1 advances, "
        "+1 blocks; judgement, grade D."
    )
    return f"## Traits\n\n{about}\n\n{table(head, rows)}".rstrip() + "\n"


def without_evidence() -> list[str]:
    """Numbers that lack a unit, a source or a grade."""
    return [
        one.name
        for one in declarations()
        if one.number and one.kind is not Kind.CHOICE and not (one.source and one.grade)
    ]
