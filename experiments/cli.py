"""Command line. Reads arguments only; everything heavy is imported once it is clear that it is needed."""

from __future__ import annotations

import argparse
import errno
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from experiments.configuration import Job

EPILOG = """\
settings:
  GROUP=NAME           another entry of a group:  organisation=small_firm  leadership=late_stage
  DOTTED.NAME=VALUE    one number:                months=36  behaviour.sharing.conformity=3  replicates=64
  ungridlock list      shows groups, entries and parameters

examples:
  ungridlock compare
  ungridlock compare 'strategies=[as_is,technology_only,unlock]' replicates=32 months=60 output=DIR
  ungridlock run strategy=unlock norms=hoarding
  ungridlock COMMAND --help          shows a command's own settings and examples
"""
ABOUT = {
    "run": "simulate one scenario: summary, events, plots",
    "questions": "ask the five customer questions of one scenario: what the enterprise believes next to the truth",
    "compare": "set several strategies side by side, with the same company, people and luck",
    "sweep": "run a design over any parameters, times strategies, times replicates; resumes after any interruption",
    "screen": "move many parameters one at a time from many places (Morris): which of them matter at all",
    "sobol": "split the variance of an outcome among parameters (Sobol indices with intervals and a noise floor)",
    "plan-reps": "a pilot of paired runs: how many replicates show a difference of a given size",
    "optimise": "search a programme under a budget: what, when, where; the plans that are tied at the top",
    "regret": "plans by futures: regret, and the futures in which a plan fails in one sentence",
    "reversals": "move every uncertain parameter through its range: which assumptions could reverse the advice",
    "calibrate": "fit the free parameters to the unchanged organisation and store an ensemble of sets that fit",
    "validate": "look for published patterns in what the model does: hits, misses, figures",
    "concepts": "switch every concept of the sources on and off and show what that does",
    "survey": "simulate an industry of firms and set it beside a published survey; renews the benchmark of percentiles",
    "describe": "write the pages of parameters, processes and evidence that are read off the code",
    "verify": "run stored runs again and compare them bit by bit",
    "query": "ask SQL of the tables of a study",
    "list": "show groups with their entries, or parameters by name",
}


# Verbs that sample, evaluate and analyse: module with SETTINGS and `perform(study)`.
STUDIES = {
    "sweep": "experiments.sweep.command",
    "screen": "experiments.sensitivity.screen",
    "sobol": "experiments.sensitivity.sobol",
    "plan-reps": "experiments.replication.command",
    "optimise": "experiments.optimisation.command",
    "regret": "experiments.regret.command",
}
# Verbs about one scenario, plans apart.
SCENARIOS = ("run", "questions", "compare", "reversals")
# Verbs whose settings are not a scenario: module with `perform(words) -> exit status`.
OWN_SETTINGS = {
    "calibrate": "experiments.calibration.command",
    "concepts": "experiments.concepts.command",
    "describe": "experiments.description.command",
    "survey": "experiments.survey.command",
    "validate": "experiments.validation.command",
    "verify": "experiments.verification.command",
    "query": "experiments.querying.command",
}
WITH_OWN_FOLDER = ("calibrate",)  # of these, what may concern entries of one's own: `perform(words, folder)`


class OneLineParser(argparse.ArgumentParser):
    """Parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Print the error and leave with status 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


class VerbParser(OneLineParser):
    """Parser of one command, which looks its settings up only if they are asked for."""

    def format_help(self) -> str:
        """Usage, options, settings with their defaults, examples."""
        from experiments.verb_help import below  # noqa: PLC0415

        self.epilog = below(self.prog.split()[-1])
        return super().format_help()


class ShowVersion(argparse.Action):
    """Look the version up only if it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print the version and leave."""
        from importlib.metadata import version  # noqa: PLC0415

        print(f"ungridlock {version('ungridlock')}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Parser of all commands."""
    parser = OneLineParser(
        prog="ungridlock",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        description="Why strategies stall: an agent-based simulation of an organisation that tries to become "
        "customer-centric. It ranks strategies and shows what they depend on; it is not a forecast.",
    )
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="show the version and leave")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=VerbParser)
    for name, about in ABOUT.items():
        command = commands.add_parser(
            name,
            help=about,
            description=about,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        what = "WORD" if name == "list" else "SETTING"
        command.add_argument("words", nargs="*", metavar=what, help="see below")
        command.add_argument(
            "--config-dir",
            type=Path,
            metavar="DIR",
            help="folder with entries of your own, laid out like configs/ (for example DIR/strategy/mine.yaml)",
        )
        if name in SCENARIOS:
            hydras = command.add_mutually_exclusive_group()
            hydras.add_argument(
                "-m",
                "--multirun",
                action="store_true",
                help="several values per setting, one job each, through Hydra's own multirun",
            )
            hydras.add_argument("--cfg", choices=["job", "hydra", "all"], help="show what Hydra composes and leave")
        if name in STUDIES:
            command.add_argument("--dry-run", action="store_true", help="say what it would cost: runs, time, disk")
    return parser


def read_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Command, words and options; options may stand before, between or after the words."""
    parser = build_parser()
    arguments, rest = parser.parse_known_args(argv)
    options = [word for word in rest if word.startswith("-")]
    if options:
        parser.error(f"unknown option {options[0]}")
    arguments.words = [*arguments.words, *rest]
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: arguments without the program's name; those of the process if None.

    Returns:
        Exit status: 0 done, 1 something has no result or could not be saved, 2 bad input, 130 interrupted, 141 output
        no longer read.
    """
    arguments = read_arguments(argv)
    if argv is None:  # a batch system that stops us is heard like Ctrl-C: what is finished is kept
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    try:
        with readable_or_not() as left:
            status = _dispatch(arguments)
    except KeyboardInterrupt:
        print("ungridlock: interrupted, the command did not finish", file=sys.stderr)
        return 130
    return status or (141 if left else 0)


@contextmanager
def readable_or_not() -> Iterator[list[bool]]:
    """Go on when the reader of our output leaves, as `head` does: results are still to be saved.

    Yields:
        A list, empty until the reader has left.
    """
    left: list[bool] = []
    stream = sys.stdout
    write, flush = stream.write, stream.flush

    def guarded(act: Callable[..., Any]) -> Callable[..., Any]:
        def attempt(*words: str) -> Any:
            try:
                return act(*words)
            except BrokenPipeError:
                left.append(True)
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
                return len(words[0]) if words else None

        return attempt

    stream.write, stream.flush = guarded(write), guarded(flush)  # type: ignore[method-assign]
    try:
        yield left
        stream.flush()
    finally:
        stream.write, stream.flush = write, flush  # type: ignore[method-assign]


def _dispatch(arguments: argparse.Namespace) -> int:
    from experiments.complaints import InputErrors  # noqa: PLC0415
    from experiments.interruption import Interrupted, WorkerDied  # noqa: PLC0415
    from sim.errors import InputError  # noqa: PLC0415

    try:
        return _command(arguments)
    except Interrupted as interruption:
        line, status = str(interruption), 130
    except (InputError, InputErrors) as error:
        line, status = str(error), 2
    except WorkerDied as death:
        line, status = str(death), 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        reason = os.strerror(error.errno).lower()
        line = f"ungridlock: could not save everything ({reason}); free some space and give the same command again"
        status = 1
    print(line, file=sys.stderr)
    return status


def _command(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    if arguments.command in OWN_SETTINGS:
        return _perform(arguments)
    if arguments.command in STUDIES:
        return _study(arguments)
    if arguments.command == "list":
        from experiments.listing import listing  # noqa: PLC0415

        print("\n".join(listing(arguments.words, arguments.config_dir)), flush=True)
    else:
        _compute(arguments)
    return 0


def _perform(arguments: argparse.Namespace) -> int:
    """A verb with a package and settings of its own."""
    from importlib import import_module  # noqa: PLC0415

    from sim.errors import InputError  # noqa: PLC0415

    own = arguments.command in WITH_OWN_FOLDER
    if arguments.config_dir is not None and not own:
        rule, advice = f"is not used by {arguments.command}", "leave it out; this command uses what is shipped"
        raise InputError("--config-dir", rule, str(arguments.config_dir), advice)
    folder = (arguments.config_dir,) if own else ()
    status: int = import_module(OWN_SETTINGS[arguments.command]).perform(arguments.words, *folder)
    return status


def _study(arguments: argparse.Namespace) -> int:
    """A verb that samples, evaluates and analyses."""
    from importlib import import_module  # noqa: PLC0415

    from experiments.evaluation.study import Incomplete, open_study  # noqa: PLC0415
    from experiments.preface import company_line  # noqa: PLC0415

    verb = import_module(STUDIES[arguments.command])
    study = open_study(arguments.command, verb.SETTINGS, arguments.words, arguments.config_dir)
    if arguments.dry_run:
        from experiments.evaluation.forecast import forecast, in_words  # noqa: PLC0415

        own = getattr(verb, "foretell", None)  # of a verb whose runs depend on what earlier ones bring
        print(own(study) if own else in_words(forecast(study)), flush=True)
        return 0
    print(company_line(study.job.scenario), flush=True)
    try:
        verb.perform(study)
    except Incomplete as incomplete:
        print(incomplete, file=sys.stderr)
        return 1
    return 0


def _compute(arguments: argparse.Namespace) -> None:
    from experiments.configuration import load_job  # noqa: PLC0415
    from experiments.output_folder import prepare  # noqa: PLC0415

    if arguments.multirun or arguments.cfg:
        from experiments.multirun import hand_over  # noqa: PLC0415

        options = ["--multirun"] if arguments.multirun else []
        options += ["--cfg", arguments.cfg] if arguments.cfg else []
        hand_over(arguments.command, arguments.words, arguments.config_dir, options, perform)
        return
    job = load_job(arguments.command, arguments.words, arguments.config_dir)
    prepare(job.settings.output)
    perform(arguments.command, job, arguments.config_dir)


def perform(command: str, job: Job, config_dir: Path | None) -> float | None:
    """Do what a validated command asks for.

    Returns:
        Present value of all cash after month 0 ($) of a single run; nothing for the others.
    """
    from experiments.preface import preface  # noqa: PLC0415

    line = f"ungridlock {command} {typed(job, config_dir)}".strip()
    if command != "reversals":  # has fewer agents, and says so itself
        own = job.scenario.strategy
        print(preface(job.scenario, job.strategies if command == "compare" else {own.name: own}), flush=True)
    if command == "compare":
        from experiments.compare import compare  # noqa: PLC0415

        compare(job.scenario, job.strategies, job.settings, line)
    elif command == "reversals":
        from experiments.reversals.command import reversals  # noqa: PLC0415

        reversals(job.scenario, job.strategies, job.settings, line)
    elif command == "questions":
        from experiments.questions import answer  # noqa: PLC0415

        answer(job.scenario, job.settings)
    else:
        from experiments.single import run_one  # noqa: PLC0415

        return run_one(job.scenario, job.settings)
    return None


def typed(job: Job, config_dir: Path | None) -> str:
    """Settings as they were typed, to reproduce the command."""
    own = ["--config-dir", str(config_dir)] if config_dir else []
    return " ".join(shlex.quote(word) for word in [*own, *job.overrides])


if __name__ == "__main__":
    sys.exit(main())
