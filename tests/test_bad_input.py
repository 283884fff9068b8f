"""Whatever is wrong with what a user gave: one clear line and exit status 2, before anything is computed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import experiments.evaluation.study  # noqa: F401  before the fixture hides what it imports
from experiments.cli import main

BAD = {
    "unknown strategy": (["compare", "strategies=[as_is,unlok]"], r"strategies: .*got 'unlok'; .*unlock"),
    "unknown strategy to run": (["run", "strategy=tecnology_only"], r"strategy: .*technology_only"),
    "unknown entry": (["compare", "norms=oppen"], r"norms: unknown norms; got 'oppen'; did you mean open"),
    "misspelt key": (["run", "behavior.sharing.conformity=3"], r"did you mean behaviour\.sharing\.conformity"),
    "key without its path": (["run", "conformity=3"], r"did you mean behaviour\.sharing\.conformity"),
    "misspelt key with plus": (["run", "+replicats=3"], r"replicats: unknown name; got 3; did you mean replicates"),
    "misspelt unit": (["run", "organisation.silos.wirless.interest=0"], r"organisation\.silos\.wireless\.interest"),
    "deleted name that does not exist": (["run", "~market.shok"], r"market\.shok: unknown name"),
    "left-out group": (["run", "~organisation"], r"organisation: "),
    "out of range": (["run", "strategy.messages=1.5"], r"strategy\.messages: must be at most 1.*; got 1\.5; .*0 to 1"),
    "wrong type": (["run", "market.contact_rate=often"], r"market\.contact_rate: must be a number; got 'often'"),
    "fraction for a whole number": (["run", "seed=1.5"], r"seed: must be a whole number; got 1\.5"),
    "not a number": (["run", "market.contact_rate=nan"], r"market\.contact_rate: "),
    "nothing": (["run", "months=null"], r"months: must be a whole number; got None"),
    "list too short": (["run", "leadership.stage_shares=[1]"], r"stage_shares: must have at least 7 item"),
    "group for a number": (["run", "months={a:1}"], r"months: must be a whole number"),
    "number for a group": (["run", "organisation.economics=3"], r"organisation\.economics: must be a group"),
    "not one of the choices": (["compare", "unknowns=none"], r"unknowns: must be one of 'ensemble', 'prior' or"),
    "an ensemble that is not there": (["compare", "ensemble=nothing"], r"ensemble: cannot be read .*choose from"),
    "a pattern that is not there": (["validate", "only=nothing"], r"only: must hold keys of patterns.*nothing"),
    "a search for one member": (["calibrate", "members=1"], r"members: must be at least 2"),
    "an organisation that is not there": (["calibrate", "organisation=none"], r"organisation: unknown organisation"),
    "one plan, no advice": (["reversals", "strategies=[as_is]"], r"strategies: .*two plans; got \[as_is\]"),
    "a plan where several are moved": (["reversals", "strategy=unlock"], r"strategy: plans come from strategies"),
    "a folder where none is used": (["validate", "--config-dir", "mine"], r"--config-dir: is not used by validate"),
    "shares that do not add up": (["run", "incentives.mix.team=0.5"], r"incentives\.mix: .*add up to 1; got 1\.5"),
    "unknown initiative": (["run", "strategy.initiatives.insight=3"], r"unknown initiative 'insight'.*insight_system"),
    "no strategies": (["compare", "strategies=[]"], r"strategies: must have at least 1"),
    "strategies not a list": (["compare", "strategies=unlock"],
                              r"strategies: must be a list; got 'unlock'; .* 'strategies=\[unlock\]'"),
    "strategy given to compare": (["compare", "strategy=unlock"], r"strategy: .*strategies=\[\.\.\.\]"),
    "no value": (["run", "months"], r"NAME=VALUE.*got 'months'"),
    "several values": (["run", "months=12,24"], r"one value each; got 'months=12,24'"),
    "unbalanced bracket": (["run", "strategies=[as_is"], r"NAME=VALUE"),
    "Hydra's own settings": (["run", "hydra.run.dir=x"], r"hydra\.run\.dir: unknown name"),
    "broken reference": (["run", "organisation.name=${nowhere}"], r"'nowhere' not found"),
    "missing folder": (["run", "--config-dir", "no/such/folder"], r"--config-dir: must be a folder"),
    "months 0": (["compare", "months=0"], r"months: must be at least 1.*; got 0; .*1 to 600"),
    "months 10^9": (["run", "months=1000000000"], r"months: must be at most 600.*; got 1000000000; .*1 to 600"),
    "months 1e9": (["run", "months=1e9"], r"months: must be at most 600"),
    "replicates 0": (["compare", "replicates=0"], r"replicates: must be at least 1.*; got 0; .*1 to 10000"),
    "replicates 10^9": (["compare", "replicates=1000000000"], r"replicates: must be at most 10000"),
    "unknown command": (["compere"], r"invalid choice: 'compere'"),
    "unknown option": (["run", "--cgf"], r"unknown option --cgf"),
    "no command": ([], r"required: COMMAND"),
    "a query of nothing": (["query", "output=nowhere"], r"output: must be the folder of a study, .*'nowhere'"),
    "a misspelt setting beside SQL": (["query", "select 1", "outptu=x"], r"outptu: unknown .*did you mean output"),
    "a budget below zero": (["optimise", "budget=-3"], r"budget: must be above 0 \(\$M\); got -3; .*at most 1e\+09"),
    "a seed too large": (["run", "seed=2147483648"], r"seed: must be at most 2147483647; got 2147483648"),
    "no rows": (["query", "rows=0"], r"rows: must be at least 1"),
    "verification of nothing": (["verify", "output=nowhere"], r"output: must be the folder of a study"),
    "fewer than no runs": (["verify", "runs=-1"], r"runs: must be at least 0"),
    "several values without -m": (["run", "strategy=as_is,unlock"], r"one value each; .*add -m"),
    "a value of several that is wrong": (["run", "-m", "months=12,0"], r"^months: must be at least 1"),
    "an entry of several that is wrong": (["run", "-m", "strategy=as_is,unlok"], r"^strategy: .*did you mean unlock"),
    "a misspelt key with several values": (["run", "-m", "strateg=as_is,unlock"], r"strateg: unknown name"),
    "no entry of several": (["run", "-m", "strategy=glob(x*)"], r"strategy: stands for no value"),
    "several folders": (["run", "-m", "output=a,b"], r"output: must have one value"),
    "a misspelt setting of Hydra": (["run", "-m", "hydra.sweeep.dir=x", "months=1,2"], r"hydra: refuses .*sweeep"),
    "an unbalanced bracket with -m": (["run", "-m", "months=[12"], r"NAME=VALUE,VALUE"),
    "two of Hydra's options": (["run", "-m", "--cfg", "job"], r"not allowed with argument"),
    "unknown word to list": (["list", "conformty"], r"list: .*did you mean conformity"),
}


@pytest.fixture(autouse=True)
def _nothing_is_computed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A command that gets as far as computing fails, whatever it prints; no folder is left in the project."""
    for name in ("experiments.compare", "experiments.single"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.chdir(tmp_path)


def refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The only line on standard error of a command that must end with status 2."""
    try:
        status = main(argv)
    except SystemExit as left:
        status = int(str(left.code))
    captured = capsys.readouterr()
    assert status == 2
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize("case", BAD)
def test_bad_word_is_one_line(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv, expected = BAD[case]
    assert re.search(expected, refused(argv, capsys))


FILES = {
    "misspelt key": ("name: mine\nmesages: 0.3\n", r"mesages: unknown name; got 0\.3; did you mean messages"),
    "misspelt nested key": ("unlock: {negociate: 1}\n", r"unlock\.negociate: .*did you mean negotiate"),
    "out of range": ("messages: 7\n", r"messages: must be at most 1.*got 7"),
    "wrong type": ("initiatives: {insight_system: soon}\n", r"insight_system: must be a whole number; got 'soon'"),
    "unknown initiative": ("initiatives: {insight: 3}\n", r"unknown initiative 'insight'"),
    "not YAML": ("messages: [1\nsupport: 2\n", r"mine\.yaml:2: is not valid YAML"),
    "not a mapping": ("- messages\n- support\n", r"strategy.*(must be a group of named values|Cannot merge)"),
    "unknown parent": ("defaults: [unlok, _self_]\n", r"strategy/unlok"),
}


@pytest.mark.parametrize("words", [["run", "strategy=mine"], ["compare", "strategies=[as_is,mine]"]])
@pytest.mark.parametrize("case", FILES)
def test_bad_file_is_one_line(case: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, expected = FILES[case]
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "mine.yaml").write_text(text)
    assert re.search(expected, refused([*words, "--config-dir", str(tmp_path)], capsys))


@pytest.mark.parametrize("command", ["run", "compare"])
def test_output_below_a_file(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    line = refused([command, f"output='{tmp_path}/taken/results'"], capsys)
    assert re.match(r"output: must be a folder that can be written .*; choose another with output=DIR", line)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_output_without_permission(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "permission" in refused(["run", f"output='{tmp_path}/closed'"], capsys)


def test_every_problem_gets_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "months=0", "replicates=0"]) == 2
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["replicates", "months"]


def test_exit_status_of_the_process() -> None:
    done = subprocess.run([sys.executable, "-m", "experiments.cli", "compare", "months=0"],
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_interrupt_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.configuration.load_job", interrupted)
    assert main(["run"]) == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_our_own_mistakes_keep_their_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys.modules["experiments.single"], "run_one", broken, raising=False)
    with pytest.raises(ZeroDivisionError):
        main(["run"])


def test_a_truth_value_is_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "months=true"]) == 2
    assert capsys.readouterr().err.startswith("months: must be a number")


@pytest.mark.parametrize("word", ["strategies=[unlock]", "replicates=3", "knockouts=0"])
def test_run_refuses_what_only_compare_uses(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", word]) == 2
    error = capsys.readouterr().err
    assert error.startswith(word.split("=", maxsplit=1)[0]) and error.count("\n") == 1


def test_what_stands_in_the_place_of_a_result_is_seen_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.html").mkdir()
    assert main(["compare", f"output={tmp_path}"]) == 2
    assert "report.html" in capsys.readouterr().err


def test_output_needs_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "output="]) == 2
    assert capsys.readouterr().err.startswith("output: must name a folder")


def mine(folder: Path, name: str, text: str) -> list[str]:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return ["compare", "--config-dir", str(folder), f"output={folder / 'out'}"]


TRAIT = "defaults: [small_firm, _self_]\ntraits: {own_unit_first: {signs: {SIGN}}}\n"


@pytest.mark.parametrize(
    ("sign", "word"), [("cross_functonal_teams: 0.6", "unknown initiative"), ("insight_system: -3", "at least -1")]
)
def test_signs_of_traits_are_checked(
    tmp_path: Path, sign: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = mine(tmp_path, "organisation/mine.yaml", TRAIT.replace("SIGN", sign))
    assert main([*words, "organisation=mine"]) == 2
    assert word in capsys.readouterr().err


def test_a_file_that_names_itself_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = mine(tmp_path, "strategy/loop.yaml", "defaults: [loop, _self_]\nname: loop\n")
    assert main([*words, "strategies=[as_is,loop]"]) == 2
    error = capsys.readouterr().err
    assert "names itself" in error and error.count("\n") == 1


@pytest.mark.parametrize("name", ["strategi/mine.yaml", "strategy/mine.yml"])
def test_files_that_would_be_overlooked_are_named(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = mine(tmp_path, name, "name: mine\n")
    assert main([*words, "strategies=[as_is,mine]"]) == 2
    assert name.split("/", maxsplit=1)[0] in capsys.readouterr().err


def test_every_unit_needs_two_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    share, of = 1 / 13, "{function: support, home_share: 0, front_line_share: 0}"
    units = "".join(f"  u{i}: {of.replace('support,', f'support, headcount_share: {share},')}\n" for i in range(12))
    home = f"  h: {{headcount_share: {share}, home_share: 1, front_line_share: 0.5}}\n"
    people = "name: many\ntraits: {}\nemployees: {number: 25}\n"
    customers = "customers: {segments: {contract: {share: 1}}}\n"
    words = mine(tmp_path, "organisation/many.yaml", f"{people}{customers}silos:\n{home}{units}")
    assert main([*words, "organisation=many"]) == 2
    expected = r"organisation\.employees\.number: must be at least 2 for each of the 13 units; got 25; give 26 or more"
    assert re.match(expected, capsys.readouterr().err)
