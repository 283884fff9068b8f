"""Who leads under every move, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.paired import standard_error
from experiments.reversals.compute import AS_DRAWN, WORLD, strategies_in

CLEAR = 2.0  # standard errors
CRITERIA = ("npv", "customer_equity", "total")
COLUMNS = ["criterion", "parameter", "end", "moved_to", "leader", "rival", "lead", "lead_error", "change",
           "change_error", "new_leader", "at_rest", "verdict"]  # fmt: skip
REVERSES, OPEN, HOLDS = "reverses", "open", "holds"


def judge(table: pd.DataFrame, months: int, rate: float) -> pd.DataFrame:
    """One row per criterion and move.

    The leader is the strategy with the largest mean when nothing is moved; its rival under a move is the best of the
    others there. `lead` is the mean paired difference between them over replicates, $; `change` how much the lead over
    the same rival differs from that when nothing is moved. A move reverses the advice if the lead is negative by more
    than two standard errors, leaves it open if within two, else the advice holds. `at_rest` is the share of worlds in
    which the unchanged firm would stay as it is under the move.

    Args:
        table: what `compute` returns; replicates that share a world count as one.
        months: horizon, to discount equity at the end.
        rate: discount rate per month.
    """
    valued = table.assign(total=table["npv"] + table["customer_equity"] * (1 + rate) ** -months)
    rows = []
    for criterion in CRITERIA:
        base = _worlds(valued[valued["parameter"] == AS_DRAWN], criterion)
        leader = str(base.mean().idxmax())
        for (name, end), part in valued.groupby(["parameter", "end"], sort=False):
            here = _worlds(part, criterion)
            rival = str(here.mean().drop(leader).idxmax())
            lead, change = here[leader] - here[rival], (here[leader] - here[rival]) - (base[leader] - base[rival])
            rows.append((criterion, name, end, part["moved_to"].iloc[0], leader, rival, lead.mean(), _error(lead),
                         change.mean(), _error(change), str(here.mean().idxmax()), float(part["at_rest"].mean()),
                         verdict(lead)))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _worlds(part: pd.DataFrame, criterion: str) -> pd.DataFrame:
    """One criterion: a row per world and replicate, a column per strategy."""
    return part.pivot(index=[WORLD, "replicate"], columns="strategy", values=criterion)[strategies_in(part)]


def _error(values: pd.Series) -> float:
    return float(standard_error(values.to_numpy(), values.index.get_level_values(WORLD).to_numpy(np.int64)))


def verdict(lead: pd.Series) -> str:
    """Whether the leader still leads."""
    reach = CLEAR * _error(lead)
    if lead.mean() > reach:
        return HOLDS
    return REVERSES if lead.mean() < -reach else OPEN


@dataclass(frozen=True)
class Counts:
    """What becomes of a leader when parameters are moved one at a time, by each parameter's worse end.

    Args:
        parameters: number of them.
        turned: that put another strategy first on average.
        clearly: of these, that do so by more than two standard errors.
        shaken: other parameters, which leave the leader first, but not clearly.
    """

    parameters: int
    turned: int
    clearly: int
    shaken: int


def count(judged: pd.DataFrame, criterion: str) -> Counts:
    """Count parameters."""
    moved = judged[(judged["criterion"] == criterion) & (judged["parameter"] != AS_DRAWN)]

    def which(rows: pd.Series) -> set[str]:
        return set(moved.loc[rows, "parameter"])

    turned = which(moved["new_leader"] != moved["leader"])
    shaken = which(moved["verdict"] == OPEN) - turned
    return Counts(moved["parameter"].nunique(), len(turned), len(which(moved["verdict"] == REVERSES)), len(shaken))


def unmoved(judged: pd.DataFrame, criterion: str) -> pd.Series:
    """The row of a criterion in which nothing is moved."""
    return judged[(judged["criterion"] == criterion) & (judged["parameter"] == AS_DRAWN)].iloc[0]


def strongest(judged: pd.DataFrame, criterion: str) -> pd.DataFrame:
    """Moves of one criterion, those first that take most from the lead."""
    part = judged[(judged["criterion"] == criterion) & (judged["parameter"] != AS_DRAWN)]
    return part.sort_values("lead", ignore_index=True)
