"""The description says what the code says now: generated pages, names in the model page, honest sources."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import main
from experiments.complaints import InputErrors
from experiments.configuration import GROUPS, Library
from experiments.description.command import PAGES, read_settings
from experiments.description.declarations import Basis, Kind, cited, declarations, may_calibrate
from experiments.description.parameters_page import without_evidence
from experiments.description.processes_page import beginning, looking, phase_of, short
from experiments.description.source import plain
from experiments.description.symbols import LOOSE, SCENARIO, STATE_VARIABLES, TABLES, leaves
from experiments.evidence import CHECKED, FIGURES, LABELS, SOURCES, Use
from sim import compiled
from sim.draws import Stream
from sim.measures.indices import INDICES
from sim.measures.organisation import MEASURES
from sim.measures.signals import SIGNALS
from sim.measures.silo import SILO_MEASURES
from sim.model import PHASES
from sim.params.strategy import PILOTS, SEEN_POSTS
from sim.state import ACCOUNTS, GOVERNANCE
from tests.test_rules import future

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
RENEW = "run `make describe` (or `ungridlock describe` and copy the pages into docs/), read the difference, commit it"
HEADINGS = (
    "I Overview", "I.i Purpose", "I.ii Entities, state variables and scales", "I.iii Process overview and scheduling",
    "II Design concepts", "II.i Theoretical and empirical background", "II.ii Individual decision-making",
    "II.iii Learning", "II.iv Individual sensing", "II.v Individual prediction", "II.vi Interaction",
    "II.vii Collectives", "II.viii Heterogeneity", "II.ix Stochasticity", "II.x Observation",
    "III Details", "III.i Implementation details", "III.ii Initialisation", "III.iii Input data", "III.iv Submodels",
)  # fmt: skip
# What the page writes in code font beside names of parameters, state, measures, streams, files and identifiers.
OTHER = {"code font", "logit", "s(z)", "segment, year, share_surviving", "everything", "activities", "unknowns=prior",
         "usual=own"}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_what_the_code_says(name: str) -> None:
    kept, now = (DOCS / name).read_text(encoding="utf-8").splitlines(), PAGES[name]().splitlines()
    first = next(((a, b) for a, b in zip(kept, now, strict=False) if a != b), ("", ""))
    assert kept == now, f"docs/{name} is not what the code says: {first[0]!r} is now {first[1]!r}; {RENEW}"


def test_command_writes_the_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", f"output={tmp_path}"]) == 0
    assert {path.name for path in tmp_path.iterdir()} == set(PAGES)
    assert "parameters.md" in capsys.readouterr().out
    assert main(["describe", "--config-dir", "nowhere"]) == 2
    with pytest.raises(InputErrors, match="did you mean output"):
        read_settings(["outputs=x"])


# --- nothing is missing ---------------------------------------------------------------------------------------------


def test_every_parameter_is_described_and_read() -> None:
    """By a phase, by what comes before the first month, or by measures; only names and the run's length by nobody."""
    page = PAGES["parameters.md"]()
    names = [one.name for one in declarations()]
    assert sorted(names) == sorted(leaves(SCENARIO))
    assert [name for name in names if f"| `{name}` |" not in page] == []
    read = set.union(*(phase_of(p).parameters for p in PHASES), beginning().parameters, looking().parameters)
    unread = {name.split(".")[-1] for name in names if name not in read}
    assert unread == {"name", "description", "months"} and not read - set(names)


def test_every_rule_and_phase_is_described() -> None:
    page = PAGES["processes.md"]()
    for n, phase in enumerate(PHASES, 1):
        assert f"### {n} {short(phase)}\n" in page
    rules = {f"{plain(one).__module__}.{plain(one).__name__}".removeprefix("sim.") for one in compiled._RULES}
    assert {name for name in rules if name.startswith("phases.") and f"`{name}`" not in page} == set()
    streams = {name for phase in PHASES for name in phase_of(phase).streams} | beginning().streams
    assert streams | {"UNKNOWNS", "INDUSTRY"} == set(Stream.__members__)


@cache
def written() -> dict[str, set[str]]:
    """What each phase really changed in some months of a rich run."""
    found: dict[str, set[str]] = {short(phase): set() for phase in PHASES}
    model = future("everything")
    for _ in range(10):
        for phase in PHASES:
            before = snapshot(model.state)
            phase.advance(model.world)
            after = snapshot(model.state)
            found[short(phase)] |= {name for name in after if not same(before[name], after[name])}
        model.state.month += 1
    return found


def snapshot(state: Any) -> dict[str, Any]:
    """Copies of everything that a phase may change, by the names of the description."""
    kept = {
        f"{table}.{name}": np.array(getattr(getattr(state, table), name))
        for table, names in STATE_VARIABLES.items()
        for name in names
        if table != "ledger"
    }
    kept |= {name: np.array(getattr(state, name)) for name in LOOSE if name != "events"}
    return kept | {"ledger": np.array(list(state.ledger.month.values())), "events": np.array(len(state.events))}


def same(a: Any, b: Any) -> bool:
    return a.dtype == object or bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))


@pytest.mark.parametrize("phase", PHASES, ids=short)
def test_a_phase_writes_what_the_page_says(phase: Any) -> None:
    """What the syntax tree tells is held against what happens in a run."""
    assert written()[short(phase)] - phase_of(phase).writes == set()
    assert written()[short(phase)]


# --- the model page --------------------------------------------------------------------------------------------------


def test_headings_are_those_of_odd_d() -> None:
    found = re.findall(r"^#{2,3} (.*)$", MODEL, re.MULTILINE)
    assert found == list(HEADINGS)


@pytest.mark.parametrize("phase", PHASES, ids=short)
def test_every_phase_has_a_submodel(phase: Any) -> None:
    sections = re.findall(r"^#### \d+\. (.*)$", MODEL.split("### III.iv Submodels")[1], re.MULTILINE)
    assert any(f"`{short(phase)}.py`" in title for title in sections)
    assert re.search(rf"^\| {short(phase)} \|", MODEL, re.MULTILINE), "missing in the schedule"


def test_schedule_is_the_order_of_the_phases() -> None:
    rows = re.findall(r"^\| (\w+) \| [^|]* \| ([^|]*) \|$", MODEL.split("### I.iii")[1].split("## II")[0], re.MULTILINE)
    streams = {name: set(re.findall(r"`(\w+)`", text)) for name, text in rows if name != "phase"}
    assert list(streams) == [short(phase) for phase in PHASES]
    for phase in PHASES:
        assert streams[short(phase)] == phase_of(phase).streams, short(phase)


@cache
def known_names() -> set[str]:
    """Every name that the page may use: dotted names of parameters, state, measures, and their ends."""
    dotted = {name.replace(".NAME", "") for name in leaves(SCENARIO)} | {one.group for one in declarations()}
    dotted |= {f"{table}.{name}" for table, names in STATE_VARIABLES.items() for name in names} | set(TABLES)
    dotted |= {f"climate.governance.{name}" for name in GOVERNANCE}
    dotted |= {".".join(parts[:k]) for parts in (name.split(".") for name in dotted) for k in range(1, len(parts))}
    ends = {".".join(parts[k:]) for parts in (name.split(".") for name in dotted) for k in range(len(parts))}
    entries = {name for group in GROUPS for name in Library().entries(group)}
    plain_names = {*MEASURES, *SILO_MEASURES, *SIGNALS, *INDICES, *ACCOUNTS, *FIGURES, *SOURCES, *entries}
    plain_names |= {*Stream.__members__, *SEEN_POSTS, PILOTS}
    return ends | plain_names | {short(phase) for phase in PHASES}


@cache
def identifiers() -> set[str]:
    """Every word of the code."""
    paths = [path for folder in ("sim", "experiments") for path in (ROOT / folder).rglob("*.py")]
    return {word for path in paths for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


FILES = {path.name for folder in ("sim", "docs", "tests", "experiments") for path in (ROOT / folder).rglob("*.*")}


def unknown_names(page: str) -> list[str]:
    """What stands in code font, or as a long name in an equation, and names nothing."""
    fenced = re.compile(r"^\s*```.*?^\s*```", flags=re.MULTILINE | re.DOTALL)
    words = set(re.findall(r"`([^`]+)`", fenced.sub("", page)))
    words |= {word for block in fenced.findall(page) for word in re.findall(r"\b[a-z]+(?:[._][a-z]+)+\b", block)}
    return sorted(word for word in words if not exists(word))


def exists(word: str) -> bool:
    """True if a name in code font stands for something."""
    if word in OTHER or word.replace(".NAME", "") in known_names() or word.startswith("ungridlock "):
        return True
    if word.rstrip("/") != word or re.search(r"\.(py|md|csv)$", word):
        return (ROOT / word).exists() or word in FILES
    if word.endswith("*"):
        return any(name.startswith(word[:-1].removesuffix("_*")) for name in known_names())
    if re.fullmatch(r"[A-Z]\w+(\.\w+)?", word):
        return set(word.split(".")) <= identifiers()
    return False


def test_model_page_names_what_exists() -> None:
    assert unknown_names(MODEL) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("`behaviour.sharing.conformity`", "`behaviour.sharing.conformitee`"),
        ("`attention_most`", "`attention_least`"),
        ("`finance.py`", "`finances.py`"),
        ("`MEASURES`", "`MEASURINGS`"),
        ("`CHECKPOINT`", "`CHECKPOINTS`"),
        ("`fader_hardie2007_later`", "`fader_hardie2007_early`"),
    ],
)
def test_a_wrong_name_is_found(right: str, wrong: str) -> None:
    assert right in MODEL and unknown_names(MODEL.replace(right, wrong, 1)) == [wrong.strip("`"), *unknown_names(MODEL)]


def test_patterns_are_used_as_the_records_allow() -> None:
    rows = re.findall(r"^\| [^|]* \| (calibration|validation)[^|]* \| ([^|]*) \|$", MODEL, re.MULTILINE)
    assert len(rows) > 10
    for use, keys in rows:
        for key in re.findall(r"`(\w+)`", keys):
            assert FIGURES[key].use in (use, Use.EXACT), key


# --- evidence --------------------------------------------------------------------------------------------------------


def test_every_number_has_unit_source_and_grade() -> None:
    assert without_evidence() == []


def test_no_validation_figure_sets_a_parameter() -> None:
    named = {one.name: cited(one.source) for one in declarations()}
    assert {name: keys for name, keys in named.items() if not all(map(may_calibrate, keys))} == {}


def test_grades_are_honest() -> None:
    """Above D only what a published figure sets, directly or through a calibration."""
    for one in (one for one in declarations() if one.number and one.kind is not Kind.CHOICE):
        assert one.grade == "D" or one.basis is not Basis.JUDGEMENT, one.name
        assert one.basis is not Basis.PUBLISHED or one.grade in "ABC", one.name
        assert cited(one.source) or not re.search(r"\b(19|20)\d\d\b", one.source), one.name


def test_records_are_complete() -> None:
    assert {key for one in FIGURES.values() for key in one.sources} == set(SOURCES)
    assert LABELS.keys() == SOURCES.keys() - {"arithmetic"} and SOURCES.keys() >= CHECKED
    assert cited("Gallup 2015: managers") == ["gallup_manager"] and not may_calibrate("gallup_manager")
    assert cited("calibrated: a third engaged (Gallup)") == ["gallup"] and may_calibrate("gallup")
