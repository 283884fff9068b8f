"""Hashes of what decides a result."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from experiments.store.fingerprint import fingerprint
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

LENGTH = 32  # hexadecimal digits


def scenario_key(scenario: Scenario) -> str:
    """Hash of the model and of a resolved scenario; its strategy plays no part."""
    tree = scenario.model_dump(mode="json", exclude={"strategy"})
    return _digest({"scenario": tree, "model": fingerprint(), "retention": _content(scenario)})


def life_key(scenario: str, seed: int, replicate: int) -> str:
    """Hash of an organisation up to the end of its burn-in, and of everything that its futures have in common.

    Args:
        scenario: key of the scenario.
        seed: seed of all draws.
        replicate: which of the seed's lives.
    """
    return _digest({"scenario": scenario, "seed": seed, "replicate": replicate})


def run_key(life: str, plan: Strategy, kind: str) -> str:
    """Hash of one future of a life.

    Args:
        life: key of the life.
        plan: what is done from month 0.
        kind: "simulated" or "paper".
    """
    return _digest({"life": life, "plan": plan.model_dump(mode="json"), "kind": kind})


def _content(scenario: Scenario) -> str:
    """Hash of a retention table of the user's own: the scenario knows its path only."""
    path = Path(scenario.organisation.customers.retention_table).expanduser()
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _digest(tree: dict[str, object]) -> str:
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
