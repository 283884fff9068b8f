"""The edge where Hydra ends: YAML files and command-line overrides become frozen parameter models.

Hydra composes what the files say and what the user overrides; pydantic supplies every default and checks every value.
Nothing behind this module knows Hydra.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import BaseModel, ValidationError
from yaml import MarkedYAMLError, YAMLError

from experiments import ensembles
from experiments.complaints import Brief, InputErrors, complaints, did_you_mean, unknown_name
from experiments.settings import RunSettings, Unknowns
from sim.errors import InputError
from sim.params.organisation import Organisation
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy
from sim.retention import DATA, TABLE

GROUPS = ("organisation", "market", "incentives", "norms", "leadership", "governance", "strategy", "compute")
MAIN = "config"
COMPUTE = "compute"  # the one group that verbs with settings of their own have as well
COMPARE_ONLY = ("strategies", "replicates", "unknowns", "ensemble", "paper", "knockouts")
QUESTIONS_TOO = ("replicates", "unknowns", "ensemble")  # of these, what `questions` knows as well
OWN_DEFAULTS: dict[str, dict[str, Any]] = {
    "questions": {"replicates": 8, "unknowns": Unknowns.DEFAULT},
    "reversals": {"replicates": 8},
    "sweep": {"replicates": 2, "unknowns": Unknowns.DEFAULT},
    "screen": {"replicates": 1, "unknowns": Unknowns.DEFAULT, "strategies": ("as_is", "everything_at_once")},
    "sobol": {"replicates": 1, "unknowns": Unknowns.DEFAULT, "strategies": ("as_is", "everything_at_once")},
    "plan-reps": {"replicates": 12},
    "optimise": {"replicates": 8, "strategies": ("as_is",)},
    "regret": {"replicates": 2},
}
STUDIES = ("sweep", "screen", "sobol", "plan-reps", "optimise", "regret")  # commands that sample, evaluate, analyse
SEVERAL = ("compare", "reversals", *STUDIES)  # commands that set several strategies side by side
PLAN = "one_plan"  # a main configuration of a strategy alone: quick to compose


class Configuration(Scenario, RunSettings):
    """Everything that can be set: a scenario and how to compute it."""


@dataclass(frozen=True)
class Job:
    """A validated command.

    Args:
        scenario: the organisation, its market and (for `run` and `questions`) the strategy.
        settings: replicates, seed, unknowns, output.
        strategies: the plans to compare by key; empty for the others.
        choices: the entry chosen in every group.
        overrides: what the user typed.
    """

    scenario: Scenario
    settings: RunSettings
    strategies: dict[str, Strategy]
    choices: dict[str, str]
    overrides: tuple[str, ...]


def load_scenario(overrides: Sequence[str] = (), config_dir: Path | None = None) -> Scenario:
    """Scenario of the shipped configuration with overrides as on the command line.

    Args:
        overrides: "group=entry" and "dotted.name=value", for example "strategy=unlock", "months=24".
        config_dir: folder with entries of one's own.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    return load_job("run", overrides, config_dir).scenario


def load_job(command: str, overrides: Sequence[str] = (), config_dir: Path | None = None) -> Job:
    """Compose and validate everything that a command needs.

    Args:
        command: "run", "questions", "compare" or "reversals".
        overrides: as typed.
        config_dir: folder with entries of one's own, laid out like configs/.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    library = Library(config_dir)
    parsed = _parse(overrides)
    if command in SEVERAL:
        _refuse_strategy(parsed)
    else:
        _refuse_settings_of_compare(command, parsed)
    choices = [o for o in parsed if o.key_or_group in GROUPS]
    _check_choices(choices, library)
    with library.opened():
        full = library.configuration([str(o.input_line) for o in choices], f"ungridlock-output/{command}", parsed)
        values = [o for o in parsed if o not in choices]
        if values:
            lines = [str(o.input_line) for o in choices] + _forced(values, full)
            full = library.configuration(lines, f"ungridlock-output/{command}", parsed)
        return _job(command, full, parsed, library)


def job_of(command: str, composed: dict[str, Any], overrides: Sequence[str], config_dir: Path | None = None) -> Job:
    """Validate what has been composed elsewhere, as by Hydra itself for one job of a multirun.

    Args:
        command: as in `load_job`.
        composed: the main file with these overrides, as plain values, and the folder for results.
        overrides: of this job.
        config_dir: folder with entries of one's own.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    library, parsed = Library(config_dir), _parse(overrides)
    full = library.validated(composed, parsed)
    with library.opened():
        return _job(command, full, parsed, library)


def _job(command: str, full: Configuration, parsed: Sequence[Override], library: Library) -> Job:
    """Everything that a command needs, out of a validated configuration; the library is open."""
    settings = _settings(command, full, parsed)
    strategies = library.strategies(settings.strategies) if command in SEVERAL else {}
    scenario = _part(Scenario, full)
    for plan in strategies.values():
        scenario.require_names(plan)
    chosen = library.chosen({o.key_or_group: str(o.value()) for o in parsed if o.key_or_group in GROUPS})
    return Job(scenario, settings, strategies, chosen, tuple(str(o.input_line) for o in parsed))


def _settings(command: str, full: Configuration, parsed: Sequence[Override]) -> RunSettings:
    """Settings of the computation; some commands have defaults of their own for what the user does not set."""
    settings = _part(RunSettings, full)
    typed = {o.key_or_group for o in parsed}
    own = OWN_DEFAULTS.get(command, {})
    settings = settings.model_copy(update={name: v for name, v in own.items() if name not in typed})
    if settings.unknowns is Unknowns.ENSEMBLE:
        ensembles.load(settings.ensemble)  # so that a wrong name is refused before anything is computed
    return settings


class Library:
    """The shipped configuration files and, if given, a folder of the user's own.

    Args:
        own: folder laid out like configs/; its files need names that no shipped file has.

    Raises:
        InputErrors: the folder does not exist or hides a shipped file.
    """

    def __init__(self, own: Path | None = None) -> None:
        """Find the folders."""
        self.shipped = shipped_configs()
        self.own = own.resolve() if own is not None else None
        if self.own is not None:
            _check_own(self.own, self.shipped)

    def _place(self) -> str:
        return f"configuration in {self.own}" if self.own else "configuration"

    def entries(self, group: str) -> dict[str, Path]:
        """Files of a group by entry name."""
        folders = [self.shipped] + ([self.own] if self.own else [])
        return {path.stem: path for folder in folders for path in sorted((folder / group).glob("*.yaml"))}

    def defaults(self) -> dict[str, str]:
        """The entry of every group that the main file chooses."""
        return {group: entry for group, entry in _defaults_list(self.shipped / f"{MAIN}.yaml") if group in GROUPS}

    def chosen(self, typed: Mapping[str, str]) -> dict[str, str]:
        """The entry in force in every group: as typed, else as the organisation's file says, else the main file's."""
        found = {**self.defaults(), **typed}
        companions = _defaults_list(self.entries("organisation")[found["organisation"]])
        return {**found, **{group.removeprefix("override /"): entry for group, entry in companions}, **typed}

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Hydra looking into these folders, with what is not in files; also inside a job that Hydra itself runs."""
        register()
        around, GlobalHydra.instance().hydra = GlobalHydra.instance().hydra, None
        try:
            with initialize_config_dir(str(self.shipped), job_name="ungridlock", version_base="1.3"):
                yield
        finally:
            GlobalHydra.instance().hydra = around

    def configuration(self, lines: list[str], output: str, given: Sequence[Override]) -> Configuration:
        """Compose the main file with override lines and validate the result.

        Args:
            lines: overrides for Hydra.
            output: folder for results unless one is set.
            given: what the user typed, to tell errors in files from errors on the command line.
        """
        return self.validated({"output": output} | self._compose(MAIN, lines), given)

    def validated(self, tree: dict[str, Any], given: Sequence[Override]) -> Configuration:
        """Validate what has been composed; arguments as in `configuration`."""
        typed = [o.key_or_group for o in given]
        if self.own is not None and not TABLE.startswith(tuple(name for name in typed if "." in name)):
            _find_table(tree, self.own / "organisation")
        try:
            return Configuration.model_validate(tree)
        except ValidationError as error:
            chosen = self.chosen({o.key_or_group: str(o.value()) for o in given if o.key_or_group in GROUPS})
            raise InputErrors(_located(p, typed, chosen) for p in complaints(error, Configuration)) from None

    def strategies(self, names: Sequence[str]) -> dict[str, Strategy]:
        """Load plans by name; the second of the same name gets the key "name#2", and so on."""
        known = self.entries("strategy")
        advice = "ungridlock list shows all strategies"
        unknown = [
            InputError("strategies", "unknown strategy", name, did_you_mean(name, known, advice))
            for name in names
            if name not in known
        ]
        if unknown:
            raise InputErrors(unknown)
        loaded = {name: self._strategy(name) for name in dict.fromkeys(names)}
        found: dict[str, Strategy] = {}
        for position, name in enumerate(names):
            nth = list(names[: position + 1]).count(name)
            found[name if nth == 1 else f"{name}#{nth}"] = loaded[name]
        return found

    def _strategy(self, name: str) -> Strategy:
        tree = self._compose(PLAN, [f"strategy={name}"])["strategy"]
        try:
            return Strategy.model_validate(tree)
        except ValidationError as error:
            raise InputErrors(complaints(error, Strategy, f"strategy/{name}.yaml: ")) from None

    def _compose(self, name: str, lines: list[str]) -> dict[str, Any]:
        if self.own is not None:
            quoted = str(self.own).replace("\\", "\\\\").replace("'", "\\'")
            lines = [*lines, f"hydra.searchpath=['file://{quoted}']"]
        try:
            config = compose(name, overrides=lines)
            return cast(dict[str, Any], OmegaConf.to_container(config, resolve=True, throw_on_missing=True))
        except MarkedYAMLError as error:
            mark = error.problem_mark
            place = f"{mark.name}:{mark.line + 1}" if mark else "configuration file"
            problem = InputError(place, "is not valid YAML", Brief(error.problem), "correct the file")
            raise InputErrors([problem]) from None
        except RecursionError:
            rule = "names itself in its defaults list, directly or through another file"
            raise InputErrors([InputError(self._place(), rule, Brief(name), "take it out of the list")]) from None
        except (HydraException, OmegaConfBaseException, YAMLError, ValueError) as error:
            first, *rest = [line.strip() for line in str(error).splitlines()] or [type(error).__name__]
            wrong = re.match(r"Error merging override \+*([\w.]+)=(.*)", first)
            if wrong:
                problem = InputError(wrong[1], "has another form", Brief(wrong[2]), "see ungridlock list and --help")
                raise InputErrors([problem]) from None
            what = Brief(f"{first} {rest[0]}" if first.endswith(":") and rest else first)
            raise InputErrors([InputError(self._place(), "cannot be composed", what, "correct it")]) from None


def register() -> None:
    """Tell Hydra what is not in files: the defaults of the parameter models as `model_defaults`, and `PLAN`."""
    defaults = Configuration.model_construct(organisation=Organisation.model_construct())
    plain = defaults.model_dump(mode="json", exclude={"organisation", "output"})
    ConfigStore.instance().store("model_defaults", node=plain)
    ConfigStore.instance().store(PLAN, node={"defaults": [{"strategy": "as_is"}]})


def _defaults_list(path: Path) -> list[tuple[str, str]]:
    """Pairs (group, entry) of a file's defaults list."""
    tree = cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(path)))
    return [pair for item in tree.get("defaults", []) if isinstance(item, dict) for pair in item.items()]


def _find_table(tree: Mapping[str, Any], folder: Path) -> None:
    """Let a retention table lie beside the organisation's file that names it; what is shipped goes before."""
    organisation = tree.get("organisation")
    customers = organisation.get("customers") if isinstance(organisation, dict) else None
    if not isinstance(customers, dict):
        return
    name = customers.get("retention_table")
    if isinstance(name, str) and (folder / name).is_file() and not (DATA / name).is_file():
        customers["retention_table"] = str(folder / name)


def shipped_configs() -> Path:
    """Folder of the shipped configuration: inside the package (wheel) or beside it (checkout)."""
    here = Path(__file__).resolve().parent
    return next(folder for folder in (here / "configs", here.parent / "configs") if (folder / f"{MAIN}.yaml").is_file())


def _check_own(own: Path, shipped: Path) -> None:
    if not own.is_dir():
        raise InputErrors([InputError("--config-dir", "must be a folder", str(own), "give a folder that exists")])
    strange = [path for path in sorted(own.iterdir()) if path.is_dir() and path.name not in GROUPS]
    strange = [path for path in strange if any(path.glob("*.y*ml"))]
    strange += [path for group in GROUPS for path in sorted((own / group).glob("*.yml"))]
    if strange:
        rule, advice = (
            "must hold folders named after groups, with files that end in .yaml",
            f"groups: {', '.join(GROUPS)}",
        )
        raise InputErrors([InputError("--config-dir", rule, str(strange[0].relative_to(own)), advice)])
    for path in [own / f"{MAIN}.yaml", *(p for group in GROUPS for p in sorted((own / group).glob("*.yaml")))]:
        name = str(path.relative_to(own))
        if path.is_file() and (shipped / name).is_file() and not path.samefile(shipped / name):
            raise InputErrors(
                [
                    InputError(
                        "--config-dir",
                        "must not hide a file that comes with ungridlock",
                        name,
                        "give the file another name",
                    )
                ]
            )


def typed_settings[S: BaseModel](kind: type[S], words: Sequence[str]) -> S:
    """Settings of a verb that has its own, typed as NAME=VALUE; compute=NAME is an entry of that group, as elsewhere.

    Raises:
        InputErrors: something is unknown or breaks a rule.
    """
    parsed = _parse(words)
    choices = [o for o in parsed if o.key_or_group == COMPUTE and COMPUTE in kind.model_fields]
    try:
        return kind.model_validate(_tree(choices, [o for o in parsed if o not in choices]))
    except ValidationError as error:
        raise InputErrors(complaints(error, kind)) from None


def _tree(choices: Sequence[Override], values: Sequence[Override]) -> dict[str, Any]:
    """Entries chosen, and what is set in or beside them."""
    library = Library()
    _check_choices(choices, library)
    tree: dict[str, Any] = {}
    for choice in choices:
        entry = OmegaConf.load(library.entries(choice.key_or_group)[str(choice.value())])
        tree[choice.key_or_group] = OmegaConf.to_container(entry)
    for override in values:
        *path, last = override.key_or_group.split(".")
        node = tree
        for step in path:
            node = node.setdefault(step, {})
        node[last] = override.value()
    return tree


def _parse(overrides: Sequence[str]) -> list[Override]:
    """Read override lines with Hydra's grammar."""
    parser = OverridesParser.create()
    parsed: list[Override] = []
    problems: list[InputError] = []
    for line in overrides:
        advice = "for example months=36; put quotes round 'strategies=[as_is,unlock]'"
        try:
            override = parser.parse_override(line)
            if override.is_sweep_override():
                advice = "for several values add -m to run, compare or questions, or use sweep with vary.NAME=[...]"
            if override.is_sweep_override() or override.package is not None or not override.key_or_group:
                raise ValueError
            parsed.append(override)
        except (HydraException, ValueError):
            rule = "settings are written NAME=VALUE, one value each"
            problems.append(InputError("command line", rule, line, advice))
    if problems:
        raise InputErrors(problems)
    return parsed


def _refuse_settings_of_compare(command: str, parsed: Sequence[Override]) -> None:
    known = QUESTIONS_TOO if command == "questions" else ()
    refused = [o for o in parsed if o.key_or_group in COMPARE_ONLY and o.key_or_group not in known]
    if refused:
        advice = "use ungridlock compare, or set strategy=NAME and seed=NUMBER for another single life"
        rule = "run computes one life of one plan"
        if command == "questions":
            advice, rule = "use ungridlock compare, or set strategy=NAME", "questions looks at one plan"
        raise InputErrors([InputError(o.key_or_group, rule, Brief(o.input_line), advice) for o in refused])


def _refuse_strategy(parsed: Sequence[Override]) -> None:
    for override in parsed:
        if override.key_or_group.split(".")[0] == "strategy":
            raise InputErrors(
                [
                    InputError(
                        override.key_or_group,
                        "plans come from strategies=[...] here",
                        Brief(override.input_line),
                        "name the plans there, or write one of your own "
                        "as DIR/strategy/NAME.yaml and add --config-dir DIR",
                    )
                ]
            )


def _check_choices(choices: Sequence[Override], library: Library) -> None:
    problems = []
    for override in choices:
        group, value = override.key_or_group, _typed(override)
        known = library.entries(group)
        if str(value) not in known:
            advice = did_you_mean(str(value), known, f"choose from {', '.join(known)}")
            problems.append(InputError(group, f"unknown {group}", value, advice))
    if problems:
        raise InputErrors(problems)


def _forced(values: Sequence[Override], known: Configuration) -> list[str]:
    """Override lines that set a known name whether or not a file mentions it; unknown names are refused."""
    problems = [
        unknown_name(known, o.key_or_group, _typed(o))
        for o in values
        if not _exists(known, o.key_or_group.split("."), o.is_add())
    ]
    if problems:
        raise InputErrors(problems)
    lines = [str(o.input_line) for o in values]
    return [line if line.startswith("~") else f"++{line.lstrip('+')}" for line in lines]


def _typed(override: Override) -> object:
    """The value of an override, or the whole line if it deletes something."""
    return Brief(override.input_line) if override.is_delete() else override.value()


def _exists(node: object, path: list[str], adding: bool) -> bool:
    """Whether a dotted name exists below `node`, or may be added there because names are free at that place."""
    if not path:
        return True
    if isinstance(node, BaseModel):
        return path[0] in type(node).model_fields and _exists(getattr(node, path[0]), path[1:], adding)
    if isinstance(node, Mapping):
        closed = any(isinstance(value, BaseModel) for value in node.values()) and not adding
        return _exists(node[path[0]], path[1:], adding) if path[0] in node else not closed
    return False


def _located(problem: InputError, typed: Sequence[str], chosen: Mapping[str, str]) -> InputError:
    """Add the file to a problem that the user did not type."""
    group = problem.name.split(".")[0]
    if group not in chosen or any(
        f"{problem.name}.".startswith(f"{name}.") or name.startswith(f"{problem.name}.")
        for name in typed
        if name != group
    ):
        return problem
    advice = f"{problem.advice} (file {group}/{chosen[group]}.yaml)"
    return InputError(problem.name, problem.rule, problem.value, advice)


def _part[M: BaseModel](kind: type[M], full: Configuration) -> M:
    return kind.model_validate({name: getattr(full, name) for name in kind.model_fields})
