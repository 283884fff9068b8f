"""Hashes of what decides a result."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from experiments.store.fingerprint import fingerprint
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

LENGTH = 32  # hexadecimal digits


def life_key(scenario: Scenario, seed: int, replicate: int) -> str:
    """Hash of an organisation up to the end of its burn-in, and of everything that its futures have in common.

    Args:
        scenario: resolved; its strategy plays no part.
        seed: seed of all draws.
        replicate: which of the seed's lives.
    """
    tree = scenario.model_dump(mode="json", exclude={"strategy"})
    return _digest({"scenario": tree, "seed": seed, "replicate": replicate, "model": fingerprint(),
                    "retention": _content(scenario)})  # fmt: skip


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
