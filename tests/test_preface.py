"""Every command says which company it simulates, and what its horizon cuts off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.cli import main
from experiments.configuration import load_job, load_scenario
from experiments.preface import beyond_horizon, company_line

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "user_guide.md"


def test_agents_and_the_people_they_stand_for() -> None:
    typed = ["organisation.employees.number=1200", "organisation.customers.number=60000"]
    said = company_line(load_scenario(typed))
    assert "4,800 employees (1,200 agents x 4), 4,200,000 customers (42,000 agents x 100; market of 6,000,000)" in said


def test_the_size_in_the_guide_is_what_a_command_prints(tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(employees: .*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    (tmp_path / "organisation").mkdir()
    text = "# Ours.\ndefaults: [small_firm, _self_]\nname: Ours\n" + block[1]
    (tmp_path / "organisation" / "ours.yaml").write_text(text, encoding="utf-8")
    line = company_line(load_scenario(["organisation=ours"], tmp_path))
    assert f"> {line}" in GUIDE.read_text(encoding="utf-8")


def test_what_the_horizon_cuts_off_is_said() -> None:
    job = load_job("compare", ["months=12", "market=disruption", "strategies=[as_is,sequential_launch]"])
    launch, attack = beyond_horizon(job.scenario, job.strategies)
    assert "sequential launch: the horizon of 12 months ends before the launch of closed loop feedback" in launch
    assert "competitor's attack" in attack and "shock_month 18" in attack
    whole = load_job("compare", ["market=disruption", "strategies=[as_is,sequential_launch]"])
    assert beyond_horizon(whole.scenario, whole.strategies) == []


@pytest.mark.parametrize("words", [["run", "strategy=as_is"], ["sweep", "strategies=[as_is]", "replicates=2"]])
def test_commands_begin_with_the_company(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "organisation=small_firm", "months=2", "quiet=true", "compute.workers=1", "output=out"]) == 0
    assert capsys.readouterr().out.startswith("Small firm: 120 employees (120 agents x 1), 56,000 customers")
