"""Commands and examples in the documents exist, parse and run."""

from __future__ import annotations

import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from experiments.cli import OWN_SETTINGS, STUDIES, read_arguments
from experiments.configuration import GROUPS, Library, load_job
from experiments.ensembles import SHIPPED
from experiments.evaluation.study import open_study
from experiments.listing import listing
from experiments.multirun import check, parsed
from experiments.unknowns import STANDARD

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [path for path in (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "DESIGN.md")) if path.is_file()]
DOCUMENTS += sorted((ROOT / "docs").glob("**/*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def shell_lines(text: str) -> list[str]:
    return [line.strip() for language in ("sh", "bash", "console") for block in blocks(language, text)
            for line in block.splitlines() if line.strip() and not line.startswith("#")]


LINES = sorted({line for path in DOCUMENTS for line in shell_lines(path.read_text(encoding="utf-8"))})
OURS = [line for line in LINES if re.match(r"(uv run |\.venv/bin/)?ungridlock ", line)]
MADE = [line for line in LINES if line.startswith("make ")]


def test_readme_has_exactly_two_set_up_commands() -> None:
    assert [line for line in shell_lines(README) if not line.startswith("ungridlock ")] == ["make demo", "make test"]


@pytest.mark.parametrize("line", MADE)
def test_make_target_exists(line: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(line.split()[1:]) <= set(targets)


@pytest.mark.parametrize("line", OURS)
def test_command_is_valid(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "ensemble=my-ensemble" in line:  # made by the command before it
        shutil.copytree(SHIPPED / STANDARD, tmp_path / "my-ensemble")
        monkeypatch.chdir(tmp_path)
    words = shlex.split(line, comments=True)
    arguments = read_arguments(words[words.index(next(word for word in words if word.endswith("ungridlock"))) + 1:])
    if arguments.command == "list":
        assert list(listing(arguments.words, arguments.config_dir))
    elif arguments.command in OWN_SETTINGS:
        assert import_module(OWN_SETTINGS[arguments.command]).read_settings(arguments.words).output
    elif arguments.command in STUDIES:
        points_of_ones_own(tmp_path)
        monkeypatch.chdir(tmp_path)
        settings = import_module(STUDIES[arguments.command]).SETTINGS
        study = open_study(arguments.command, settings, arguments.words, arguments.config_dir)
        assert study.output and (arguments.command != "sweep" or len(study.points))
    elif arguments.multirun:
        check(arguments.command, parsed(arguments.words), arguments.config_dir)
    else:
        load_job(arguments.command, arguments.words, arguments.config_dir)


def points_of_ones_own(folder: Path) -> None:
    """The table of points that the page on experiments shows."""
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    (folder / "my-points.csv").write_text(blocks("csv", page)[0], encoding="utf-8")


@pytest.mark.parametrize("code", blocks("python", README))
def test_python_example_runs(code: str) -> None:
    exec(compile(code, "README.md", "exec"), {})


def test_strategy_example_is_valid(tmp_path: Path) -> None:
    (tmp_path / "strategy").mkdir()
    examples = blocks("yaml", README)
    for number, text in enumerate(examples):
        (tmp_path / "strategy" / f"example{number}.yaml").write_text(text, encoding="utf-8")
        assert load_job("run", [f"strategy=example{number}"], tmp_path).scenario.strategy.description
    assert examples


@pytest.mark.parametrize("group", GROUPS)
def test_readme_names_every_entry(group: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `{group}` |"))
    entries = {name for name in Library().entries(group) if not name.startswith("unlock_without_")}
    assert {name for name in entries if f"`{name}`" not in row} == set()


def test_documents_name_no_machine() -> None:
    for path in [*DOCUMENTS, ROOT / "Makefile", *(ROOT / "configs").rglob("*.yaml")]:
        assert not re.search(r"/(home|root|work|Users)/", path.read_text(encoding="utf-8")), path
