"""The import graph and a few habits that keep the code readable."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import mesa
import pytest
from mesa.agentset import AbstractAgentSet

ROOT = Path(__file__).resolve().parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("sim", "experiments", "benchmarks") for path in sorted((ROOT / package).rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

# A part of the model imports only from parts to its left (and within itself).
ORDER = ("errors", "compiled", "sums", "exponential", "version", "params", "draws", "columns", "retention", "frailty",
         "frailty_table", "structure", "state", "settled", "build", "world", "agents", "phases", "model", "measures",
         "run", "warm_up")


def imported(tree: ast.AST, everywhere: bool = True) -> Iterator[str]:
    """Names of imported modules; with `everywhere` also those inside functions, never those for type checkers only."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from members & MODULES.keys()
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        elif everywhere or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imported(node, everywhere)


def tops(name: str, everywhere: bool = True) -> set[str]:
    return {module.split(".")[0] for module in imported(TREES[name], everywhere)}


def users_of(library: str) -> set[str]:
    return {name for name in MODULES if library in tops(name)}


def part(module: str) -> str:
    return module.split(".")[1]


SIM = [name for name in MODULES if name.startswith("sim.")]


@pytest.mark.parametrize("name", SIM)
def test_model_imports_only_from_its_left(name: str) -> None:
    assert part(name) in ORDER, f"give {name} a place in ORDER"
    others = {part(module) for module in imported(TREES[name]) if module.startswith("sim.")}
    assert {other for other in others if ORDER.index(other) > ORDER.index(part(name))} == set()


@pytest.mark.parametrize("name", SIM)
def test_model_is_free_of_the_experiments(name: str) -> None:
    assert tops(name) & {"experiments", "hydra", "omegaconf", "yaml", "matplotlib", "tqdm", "loky"} == set()
    assert "pandas" not in tops(name, everywhere=False)


def test_measuring_is_unknown_to_the_model() -> None:
    for name in SIM:
        if part(name) in ("model", "phases", "agents", "world", "state", "build"):
            assert not [module for module in imported(TREES[name]) if module.startswith("sim.measures")]


def test_hydra_stays_at_the_edge() -> None:
    assert users_of("hydra") | users_of("omegaconf") == {"experiments.configuration", "experiments.multirun"}


def test_matplotlib_stays_in_figures() -> None:
    figures = ("experiments.figures", "benchmarks.figure")
    assert {name for name in users_of("matplotlib") if not name.startswith(figures)} == set()


def test_mesa_stays_in_agents_and_model() -> None:
    places = ("sim.agents", "sim.model", "benchmarks.plain_mesa")
    assert {name for name in users_of("mesa") if not name.startswith(places)} == set()


def test_nobody_needs_the_benchmarks() -> None:
    assert {name for name in users_of("benchmarks") if not name.startswith("benchmarks")} == set()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["sim", "experiments"]


def test_plain_mesa_is_plain() -> None:
    """Objects and plain Python: arrays only where agents' numbers are handed to the organisation level."""
    plain = {name for name in MODULES if name.startswith("benchmarks.plain_mesa")}
    assert plain & users_of("numpy") == {"benchmarks.plain_mesa.office"}
    assert plain & users_of("numba") == set()


def test_command_line_imports_nothing_heavy_at_once() -> None:
    assert tops("experiments.cli", everywhere=False) <= {
        "__future__", "argparse", "collections", "contextlib", "errno", "os", "pathlib", "shlex", "signal", "sys",
        "typing",
    }


def test_no_import_cycle() -> None:
    left = {name: {module for module in imported(tree, everywhere=False) if module in MODULES and module != name}
            for name, tree in TREES.items()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    packages = {name for name in left if MODULES[name].name == "__init__.py"}
    assert left.keys() <= packages | {name for name in left if left[name] & left.keys() <= packages}


def mesas_own(function: str) -> bool:
    """Methods that must take what Mesa's take."""
    return hasattr(mesa.Agent, function) or hasattr(AbstractAgentSet, function) or hasattr(mesa.Model, function)


def test_no_open_keyword_arguments() -> None:
    functions = [(name, node) for name, tree in TREES.items() for node in ast.walk(tree)
                 if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    open_ended = [f"{name}.{node.name}" for name, node in functions
                  if node.args.kwarg and node.args.kwarg.arg != "__" and not mesas_own(node.name)]
    assert open_ended == []


def test_no_drawers() -> None:
    words = {word for name in MODULES for step in name.split(".") for word in step.split("_")}
    assert words & {"utils", "util", "helpers", "helper", "manager", "misc", "common"} == set()
