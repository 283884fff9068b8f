"""`docs/evidence.md`: how much of the model rests on what."""

from __future__ import annotations

from collections import Counter

from experiments.description.declarations import Basis, Declared, Kind, cited, declarations
from experiments.description.markdown import NOTE, code, table
from experiments.evidence import CHECKED, FIGURES, SOURCES, Use
from sim.params.field import Grade

INTRODUCTION = """
Grades say how good the evidence behind a value is: A measured in this setting, B measured elsewhere, C an analogous
case, D judgement. A figure that was *recalled* and not read again counts one grade lower. Every published figure has
one use: calibration (it may set a parameter or a target of the unchanged organisation) or validation (it is compared
with what comes out, and sets nothing). Nothing about any strategy sets a value.
"""
KINDS = {
    Kind.RESPONSE: "how people and customers respond, what activities cost and ask (`behaviour`, `customers`, "
    "`programme`)",
    Kind.SETTING: "which company, market, pay, norms, leaders, governance: a user says so, the default is an example",
    Kind.CHOICE: "what a plan does, and for how long a run lasts: no evidence needed",
}


def evidence_page() -> str:
    """The page."""
    numbers = [one for one in declarations() if one.number]
    return (
        f"# Evidence\n\n{NOTE}{INTRODUCTION}\n## How much is known\n\n{counts(numbers)}"
        f"## Parameters with a source\n\n{sourced(numbers)}## Published figures\n\n{figures()}## Sources\n\n{sources()}"
    ).rstrip() + "\n"


def counts(numbers: list[Declared]) -> str:
    """How many parameters per grade, honestly."""
    rows = []
    for kind, about in KINDS.items():
        rows.append(line(about, [one for one in numbers if one.kind is kind]))
    rows.append(line("all", numbers))
    graded = [one for one in numbers if one.kind is not Kind.CHOICE]
    judged = sum(one.basis is Basis.JUDGEMENT for one in graded)
    unsure = sum(one.prior is not None for one in graded if one.basis is Basis.JUDGEMENT)
    text = (
        f"Of {len(graded)} numbers that have a grade, {judged} ({judged / len(graded):.0%}) are judgement. "
        f"{unsure} of these carry a prior, so that results show what they leave open; the other {judged - unsure} are "
        "held fixed at a default that nobody measured. A table over stages, initiatives or channels counts once per "
        "column; what is set per unit, segment or trait counts once.\n\n"
    )
    groups = {one.group: None for one in numbers}
    by_group = [line(f"`{name}`", [one for one in numbers if one.group == name]) for name in groups if name]
    return text + table(HEAD, rows) + "By model:\n\n" + table(HEAD, by_group)


HEAD = ("numbers", "count", *Grade, "published", "calibrated", "judgement", "with a prior", "a user sets")


def line(name: str, members: list[Declared]) -> tuple[object, ...]:
    """Counts of one group."""
    grades = Counter(one.grade for one in members)
    bases = Counter(one.basis for one in members if one.kind is not Kind.CHOICE)
    return (
        name, len(members), *(grades[grade] for grade in Grade),
        bases[Basis.PUBLISHED], bases[Basis.CALIBRATED], bases[Basis.JUDGEMENT],
        sum(one.prior is not None for one in members), sum(one.kind is not Kind.RESPONSE for one in members),
    )  # fmt: skip


def sourced(numbers: list[Declared]) -> str:
    """Parameters that do not rest on judgement."""
    rows = [
        (f"`{one.name}`", one.default, one.grade, one.basis, one.source, code(cited(one.source)))
        for one in numbers
        if one.kind is not Kind.CHOICE and one.basis is not Basis.JUDGEMENT
    ]
    return table(("parameter", "default", "grade", "basis", "source as declared", "publication"), rows)


def figures() -> str:
    """All published figures, and which parameters each calibration figure sets."""
    sets = {key: [one.name for one in declarations() if key in cited(one.source)] for key in SOURCES}
    rows = [
        (f"`{key}`", one.topic, one.figure, code(one.sources), one.known,
         f"{one.use}: {one.note}" if one.note else one.use,
         code(name for source in one.sources for name in sets[source]) if one.use is Use.CALIBRATION else "")
        for key, one in FIGURES.items()
    ]  # fmt: skip
    about = (
        "Kept in `experiments/evidence.py`. *Seen*: read in a public copy while the list was made, often of a "
        "secondary source; *recalled*: known and not read again. Of the retention table "
        "(`sim/data/fader_hardie_2007.csv`) only years 1 to 7 are fitted. A figure for calibration that "
        "sets no parameter is a pattern that the unchanged organisation is compared with.\n\n"
    )
    return about + table(("key", "topic", "figure", "sources", "how known", "use", "sets"), rows)


def sources() -> str:
    """Full citations."""
    about = (
        "*Checked*: title, journal, volume and pages were compared with a public copy; the other citations were "
        "completed from memory.\n\n"
    )
    rows = [(f"`{key}`", text, "checked" if key in CHECKED else "") for key, text in SOURCES.items()]
    return about + table(("key", "citation", ""), rows)
