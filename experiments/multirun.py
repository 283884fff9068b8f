"""Hydra's own multirun: several values per setting, one job per combination, for those used to it.

The command is handed over to Hydra itself (`hydra.main`), so that its sweepers, launchers, folders and logs work as
everywhere. Before that every value is checked as for a single command, and every name gets the prefix that Hydra wants
for names that no file mentions; after that each job validates what Hydra has composed.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, ValueType
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments.complaints import Brief, InputErrors
from experiments.configuration import GROUPS, MAIN, Job, Library, job_of, load_job, register, shipped_configs
from experiments.interruption import Interrupted
from experiments.output_folder import prepare
from sim.errors import InputError

SWEEP_DIR = "ungridlock-output/{command}/multirun/${{now:%Y-%m-%d}}/${{now:%H-%M-%S}}"
Perform = Callable[[str, Job, Path | None], float | None]


def hand_over(
    command: str, words: Sequence[str], config_dir: Path | None, options: Sequence[str], perform: Perform
) -> None:
    """Let Hydra run a command as often as there are combinations, or show what it composes.

    Args:
        command: "run", "compare", "questions" or "reversals".
        words: as typed; those about `hydra` are Hydra's own.
        config_dir: folder with entries of one's own.
        options: Hydra's: ["--multirun"], or ["--cfg", "job"].
        perform: does one job; what it returns is what a sweeper that searches gets to see.

    Raises:
        InputErrors: something is unknown or breaks a rule, in at least one job.
    """
    typed = parsed(words)
    own = [override for override in typed if not _is_hydras(override)]
    check(command, own, config_dir)
    folder = next((o for o in own if o.key_or_group == "output"), None)
    lines = [_forced(override) for override in own if override is not folder]
    lines += [str(override.input_line) for override in typed if _is_hydras(override)]
    there = {o.key_or_group for o in typed}
    if folder:
        prepare(Path(str(folder.value())))
    value = folder.get_value_element_as_str() if folder else SWEEP_DIR.format(command=command)
    defaults = {"hydra.job.name": command, "hydra.sweep.dir": value}
    lines += [f"{name}={text}" for name, text in defaults.items() if name not in there]
    options = [*options, *(["--config-dir", str(config_dir)] if config_dir else [])]
    register()
    main = hydra.main(config_path=str(shipped_configs()), config_name=MAIN, version_base="1.3")
    with _as_typed([*options, *lines]), _in_one_line():
        main(_task(command, config_dir, perform))()


def _task(command: str, config_dir: Path | None, perform: Perform) -> Callable[[DictConfig], float | None]:
    def task(composed: DictConfig) -> float | None:
        """One job; its results go where Hydra says."""
        logging.getLogger("mesa").setLevel(logging.WARNING)
        about = HydraConfig.get()
        tree = cast(dict[str, Any], OmegaConf.to_container(composed, resolve=True, throw_on_missing=True))
        words = list(about.overrides.task)
        job = job_of(command, {"output": about.runtime.output_dir, **tree}, words, config_dir)
        prepare(job.settings.output)
        try:
            return perform(command, job, config_dir)
        except Interrupted as interruption:
            print(interruption, file=sys.stderr)
            raise KeyboardInterrupt from None  # what Hydra does not take for a failed job among others

    return task


def check(command: str, own: Sequence[Override], config_dir: Path | None) -> None:
    """Compose the first job, and for every further value of a setting one with that value: the sum, not the product.

    Raises:
        InputErrors: what is wrong, each line once.
    """
    values = [_values(override, config_dir) for override in own]
    first = [options[0] for options in values]
    load_job(command, first, config_dir)
    problems: dict[str, InputError] = {}
    for k, options in enumerate(values):
        for option in options[1:]:
            try:
                load_job(command, [*first[:k], option, *first[k + 1 :]], config_dir)
            except InputErrors as error:
                problems |= {str(problem): problem for problem in error.problems}
    if problems:
        raise InputErrors(problems.values())


def _values(override: Override, config_dir: Path | None) -> list[str]:
    """Lines that a setting with several values stands for."""
    if not override.is_sweep_override():
        return [str(override.input_line)]
    key, value = override.get_key_element(), cast(Any, override.value())
    if override.value_type is ValueType.INTERVAL_SWEEP:  # its ends; some sweepers search in between
        return [f"{key}={value.start}", f"{key}={value.end}"]
    if override.value_type is ValueType.GLOB_CHOICE_SWEEP:
        found = value.filter(list(Library(config_dir).entries(override.key_or_group)))
    else:
        found = list(override.sweep_string_iterator())
    if not found or override.key_or_group == "output":
        rule = "must have one value" if found else "stands for no value"
        raise InputErrors([InputError(override.key_or_group, rule, Brief(override.input_line), "correct it")])
    return [f"{key}={text}" for text in found]


def parsed(words: Sequence[str]) -> list[Override]:
    """Words in Hydra's grammar.

    Raises:
        InputErrors: they are not in it.
    """
    parser = OverridesParser.create()
    try:
        return [parser.parse_override(word) for word in words]
    except HydraException as error:
        rule = "settings are written NAME=VALUE or NAME=VALUE,VALUE"
        what = Brief(str(error).splitlines()[0])
        raise InputErrors([InputError("command line", rule, what, "put quotes round [ ] and ( )")]) from None


def _is_hydras(override: Override) -> bool:
    return override.key_or_group.split(".")[0].split("/")[0] == "hydra"


def _forced(override: Override) -> str:
    """A line that Hydra accepts whether or not a file mentions the name."""
    line = str(override.input_line)
    return line if override.key_or_group in GROUPS or override.is_delete() else f"++{line.lstrip('+')}"


@contextmanager
def _as_typed(words: Sequence[str]) -> Iterator[None]:
    """Hydra reads the arguments of the process, options first, and hides errors unless it is told not to."""
    before, told = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv, os.environ["HYDRA_FULL_ERROR"] = ["ungridlock", *words], "1"
    try:
        yield
    finally:
        sys.argv = before
        if told is None:
            del os.environ["HYDRA_FULL_ERROR"]
        else:
            os.environ["HYDRA_FULL_ERROR"] = told


@contextmanager
def _in_one_line() -> Iterator[None]:
    """What Hydra complains about, as one line."""
    try:
        yield
    except (HydraException, OmegaConfBaseException) as error:
        what = Brief(" ".join(line.strip() for line in str(error).splitlines()[:2]))
        raise InputErrors([InputError("hydra", "refuses the command", what, "correct it")]) from None
