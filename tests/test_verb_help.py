"""What --help of every command says: its own settings, as they are, and examples that can be given."""

from __future__ import annotations

import re
import shlex
from importlib import import_module

import pytest

from experiments import cli
from experiments.configuration import load_job
from experiments.verb_help import EXAMPLES, OWN, WIDTH, below, own_settings


def help_of(verb: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as left:
        cli.main([verb, "--help"])
    assert left.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("verb", cli.ABOUT)
def test_every_command_tells_settings_and_examples(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(verb, capsys)
    assert "examples:\n  ungridlock " + verb in text
    assert (f"settings of {verb}:" in text) == (verb != "list")
    assert ("GROUP=NAME" in text) == (verb in (*cli.SCENARIOS, *cli.STUDIES))
    assert max(map(len, below(verb).partition("examples:")[0].splitlines()), default=0) <= WIDTH


@pytest.mark.parametrize("verb", cli.STUDIES)
def test_settings_are_those_of_the_command(verb: str) -> None:
    module, name = OWN[verb]
    assert import_module(cli.STUDIES[verb]).SETTINGS is getattr(import_module(module), name)


def test_what_a_verb_refuses_is_not_offered(capsys: pytest.CaptureFixture[str]) -> None:
    offered = {verb: set(re.findall(r"^  ([\w.]+)=", help_of(verb, capsys), re.MULTILINE)) for verb in cli.ABOUT}
    assert {"replicates", "strategies"}.isdisjoint(offered["run"]) and "replicates" in offered["questions"]
    assert "design" in offered["sweep"] and "design" not in offered["optimise"] | offered["screen"]
    assert {verb for verb in offered if "knockouts" in offered[verb]} == {"compare"}
    assert "from" in offered["sobol"] and "screened" not in offered["sobol"]


def test_values_are_those_without_settings(capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of("regret", capsys)
    assert re.search(r"^  replicates=2 .*\(1 to 10,000\)", text, re.MULTILINE)
    assert re.search(r"^  objective=npv +What a plan is worth: npv, customer_equity, total\.$", text, re.MULTILINE)
    assert "output=ungridlock-output/regret" in text
    assert own_settings("regret")["samples"][1] == 128


@pytest.mark.parametrize("example", [words for verb in EXAMPLES for words in EXAMPLES[verb]])
def test_examples_are_understood(example: str) -> None:
    verb, *words = shlex.split(example)
    words = [word for word in words if word != "--dry-run"]
    if verb in cli.STUDIES:
        study = import_module("experiments.evaluation.study")
        study.open_study(verb, import_module(cli.STUDIES[verb]).SETTINGS, words)
    elif verb in cli.OWN_SETTINGS:
        module = import_module(cli.OWN_SETTINGS[verb])
        module.read_settings(words)
    elif verb != "list":
        load_job(verb, words)
    assert cli.build_parser().parse_args(shlex.split(example)).command == verb


def test_list_knows_settings_of_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "budget"]) == 0
    assert "optimise: budget=" in capsys.readouterr().out
    assert cli.main(["list", "sweep"]) == 0
    assert "sweep: levels=3" in capsys.readouterr().out
