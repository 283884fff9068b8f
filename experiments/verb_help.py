"""What `ungridlock VERB --help` says below its options: the verb's settings with their defaults, and examples."""

from __future__ import annotations

import textwrap
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from experiments.configuration import COMPARE_ONLY, QUESTIONS_TOO, SEVERAL, load_job
from experiments.settings import Compute
from sim.params.field import Parameters

WIDTH, COLUMN = 110, 30  # characters of a line, and where descriptions begin
ALONE = ("run", "questions")  # verbs that look at one plan
# Where the settings are that a verb has of its own.
OWN = {
    "sweep": ("experiments.evaluation.settings", "StudySettings"),
    "screen": ("experiments.sensitivity.settings", "ScreenSettings"),
    "sobol": ("experiments.sensitivity.settings", "SobolSettings"),
    "plan-reps": ("experiments.replication.settings", "ReplicationSettings"),
    "optimise": ("experiments.optimisation.settings", "OptimiseSettings"),
    "regret": ("experiments.regret.settings", "RegretSettings"),
    "calibrate": ("experiments.calibration.settings", "CalibrationSettings"),
    "concepts": ("experiments.concepts.settings", "ConceptSettings"),
    "describe": ("experiments.description.command", "DescribeSettings"),
    "survey": ("experiments.survey.settings", "SurveySettings"),
    "validate": ("experiments.validation.settings", "ValidationSettings"),
    "verify": ("experiments.verification.settings", "VerifySettings"),
    "query": ("experiments.querying.settings", "QuerySettings"),
}
SCENARIO = """\
the organisation and its plan:
  GROUP=NAME                  another entry of a group:  organisation=small_firm  leadership=late_stage
  DOTTED.NAME=VALUE           one number:                months=36  behaviour.sharing.conformity=3
  ungridlock list             shows groups, entries and parameters
"""
EXAMPLES = {
    "run": ("run strategy=unlock norms=hoarding", "run strategy=overlapping_launch months=36 seed=7"),
    "questions": ("questions strategy=unlock governance=hybrid replicates=16",),
    "compare": (
        "compare",
        "compare 'strategies=[as_is,technology_only,unlock]' replicates=32 months=60 output=DIR",
        "compare organisation=small_firm norms=hoarding leadership=late_stage",
    ),
    "sweep": (
        "sweep organisation=small_firm 'strategies=[as_is,unlock]' 'vary.behaviour.sharing.conformity=[1.5,2,2.5]'",
        "sweep design=lhs samples=64 vary.behaviour.adoption.peers=prior 'vary.market.contact_rate=[0.3,0.5]'",
    ),
    "screen": ("screen organisation=small_firm samples=16 output=DIR", "screen ranges=prior outcome=npv"),
    "sobol": ("sobol organisation=small_firm from=DIR top=8 samples=512",),
    "plan-reps": ("plan-reps", "plan-reps 'strategies=[unlock,unlock_moments]' measure=churn detect=0.05 power=0.8"),
    "optimise": ("optimise budget=15 --dry-run", "optimise organisation=small_firm budget=0.5 objective=total"),
    "regret": (
        "regret organisation=small_firm 'strategies=[as_is,incentives_only,everything_at_once]'",
        "regret 'strategies=[as_is,unlock]' objective=customer_equity plan=unlock fails=baseline",
    ),
    "reversals": ("reversals organisation=small_firm 'strategies=[as_is,incentives_only,unlock]' replicates=16",),
    "calibrate": ("calibrate organisation=fidelity members=80 output=DIR",),
    "validate": ("validate quick=true", "validate 'only=[survival,elasticities]'"),
    "concepts": ("concepts quick=true", "concepts 'only=[A2,B6,E3]'"),
    "survey": ("survey quick=true", "survey firms=100 months=48 output=DIR"),
    "describe": ("describe output=DIR",),
    "verify": ("verify output=DIR", "verify output=DIR runs=all"),
    "query": ("query output=DIR", "query output=DIR 'select scenario, avg(npv) from runs group by all'"),
    "list": ("list", "list strategy", "list conformity adoption"),
}


type Told = tuple[FieldInfo, Any]  # how a setting is declared, and its value if nobody sets it


def below(verb: str) -> str:
    """Everything below the options."""
    scenario = verb in (*ALONE, *SEVERAL)
    told = {**(own_settings(verb) if verb in OWN else {}), **(computation(verb) if scenario else {})}
    parts = [SCENARIO] if scenario else []
    if told:
        parts.append("\n".join([f"settings of {verb}:", *(shown(name, *told[name]) for name in told)]) + "\n")
    parts.append("\n".join(["examples:", *(f"  ungridlock {words}" for words in EXAMPLES[verb])]))
    return "\n".join(parts) + "\n"


def own_settings(verb: str) -> dict[str, Told]:
    """Settings that only this verb has, or all of a verb without a scenario, by the name that is typed."""
    module, name = OWN[verb]
    kind: type[Parameters] = getattr(import_module(module), name)
    refused = getattr(kind, "REFUSED", ())
    return {
        "vary.NAME" if key == "vary" else field.alias or key: (field, field.get_default(call_default_factory=True))
        for key, field in kind.model_fields.items() if key not in refused
    }  # fmt: skip


def computation(verb: str) -> dict[str, Told]:
    """Settings of the computation that a verb takes, as it has them if nobody sets any."""
    settings = load_job(verb).settings
    unused = set(COMPARE_ONLY) - set(QUESTIONS_TOO if verb == "questions" else ()) if verb in ALONE else set()
    unused |= {"paper", "knockouts"} if verb != "compare" else set()
    return {
        name: (field, getattr(settings, name)) for name, field in type(settings).model_fields.items()
        if name not in unused
    }  # fmt: skip


def shown(name: str, field: FieldInfo, value: Any) -> str:
    """A setting with its value, range and description."""
    if isinstance(value, Compute):
        name, field, value = "compute.workers", Compute.model_fields["workers"], value.workers
    limits = {type(item).__name__: item for item in field.metadata}
    span = f" ({limits['Ge'].ge:,} to {limits['Le'].le:,})" if {"Ge", "Le"} <= set(limits) else ""
    head, room = f"  {name}={written(value)}", " " * COLUMN
    about = textwrap.fill(f"{field.description}{span}", WIDTH, initial_indent=room, subsequent_indent=room)
    if len(head) < COLUMN - 1:
        return head + about[len(head) :]
    return textwrap.fill(head, WIDTH, subsequent_indent=" " * 6) + "\n" + about


def written(value: Any) -> str:
    """A value as it would be typed; nothing for what is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return "" if value is None or value == Path() or value == {} else str(value)
