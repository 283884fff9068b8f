"""The verb `optimise`: search under a budget, judge on new lives, say what is tied, save plans."""

from __future__ import annotations

import csv
import math
import os
import shlex
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from experiments.evaluation.forecast import MEGABYTE, measured
from experiments.evaluation.study import MISSING, Incomplete, Study, first_name
from experiments.optimisation.contest import Contest, Result, compete, contest_of
from experiments.optimisation.flat_top import as_file, sentence
from experiments.optimisation.judge import SimulationJudge, within
from experiments.optimisation.page import MILLION, on_screen
from experiments.optimisation.proposals import library
from experiments.optimisation.settings import OptimiseSettings
from experiments.output_folder import prepare
from experiments.store.store import open_store
from experiments.terminal import counted

SETTINGS = OptimiseSettings
PLANS, TRIALS, FIGURE = "plans.csv", "trials.csv", "plans"
FOLDER = Path("plans") / "strategy"  # below the study's own folder; usable with --config-dir
NOT_COMPARED = (*OptimiseSettings.model_fields, "strategies", "replicates", "output")  # settings that compare lacks
TIMED = 3  # plans of the life that is timed for a dry run


def perform(study: Study[OptimiseSettings]) -> None:
    """Search, judge, print, save.

    Raises:
        InputError: settings that do not go together; nothing has been computed.
        Incomplete: some runs have no result; plans that lack one are set aside, everything else is saved.
        Stopped: Ctrl-C; the same command goes on.
    """
    library()
    contest = contest_of(study)
    prepare(study.output)
    judge = SimulationJudge(study, open_store(study.settings.store), contest.runs)
    result = compete(contest, judge)
    judge.save(result.answer.plans, contest.holdout)
    print(on_screen(result.answer), flush=True)
    write(study, contest, result)
    print(f"\n{_saved(study, contest, result)}", flush=True)
    if judge.missing:
        raise Incomplete(_set_aside(study, judge.missing))


def _saved(study: Study[OptimiseSettings], contest: Contest, result: Result) -> str:
    """Where everything is, and the command that sets the plans found side by side."""
    saved = f"Saved in {study.output}: {PLANS}, {TRIALS}, figures/{FIGURE}.png"
    if not result.files:
        return f"{saved}."
    kept = [word for word in study.words if first_name(word) not in NOT_COMPARED]
    chosen = f"strategies=[{','.join([contest.baseline, *result.files])}]"
    words = shlex.join([*kept, "--config-dir", str(study.output / FOLDER.parent), chosen])
    return f"{saved}, and the plans as files:\n  ungridlock compare {words}"


def write(study: Study[OptimiseSettings], contest: Contest, result: Result) -> None:
    """Tables, plans as files, figure."""
    answer, folder = result.answer, study.output / FOLDER
    does = [sentence(answer.plans[key]) for key in answer.table["plan"]]
    answer.table.assign(does=does).to_csv(study.output / PLANS, index=False)
    trials_table(contest, result).to_csv(study.output / TRIALS, index=False)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("best_*.yaml"):
        old.unlink()
    for row in answer.table.to_dict("records"):
        key, gain = str(row["plan"]), answer.words(row["gain"])
        if key in result.files:
            about = (f"Found by {study.command}: {gain} in {answer.measure.label} on {answer.replicates[1]} new "
                     f"lives, ${row['paid'] / MILLION:,.3g}M paid.")  # fmt: skip
            text = as_file(answer.plans[key], key.replace("_", " "), about)
            (folder / f"{key}.yaml").write_text(text, encoding="utf-8")
    from experiments.figures import save  # noqa: PLC0415
    from experiments.figures.optimisation import plans  # noqa: PLC0415

    save(plans(answer), study.output / "figures", FIGURE)


def trials_table(contest: Contest, result: Result) -> pd.DataFrame:
    """One row per plan that was tried, with the value of every lever."""
    rows = []
    for number, one in enumerate(result.tried, start=1):
        choice = one.proposal.choice
        levels = {lever.name: lever.levels[choice[lever.name]] for lever in contest.levers.all}
        rows.append({"trial": number, "planned": one.proposal.planned, "paid": one.costs.mean(), "gain": one.gain,
                     "lives": len(one.gains), "finished": one.finished, "fits": one.fits, **levels})  # fmt: skip
    return pd.DataFrame(rows)


def foretell(study: Study[OptimiseSettings]) -> str:
    """What a search costs at most: runs, time, disk; two lives are run to find out, nothing is stored."""
    library()
    contest = contest_of(study)
    timed = dict(list(contest.rivals.items())[:TIMED])
    part = within(study, timed, contest.lives)
    price = measured(part, part.wanted.lives(set(part.wanted.runs)))
    lives = contest.runs / price.runs
    workers = study.job.settings.compute.workers or os.cpu_count() or 1
    took = tqdm.format_interval(math.ceil(price.seconds * lives / workers))
    return "\n".join([
        f"At most {contest.runs:,} runs: {contest.in_words()}.",
        f"Estimated time: at most {took} (h:mm:ss or mm:ss) on {counted(workers, 'worker')}, from one life timed now; "
        "runs that are in the store are not computed again.",
        f"Estimated disk: about {price.bytes(lives, study.job.settings.compute.chunk_seconds) / MEGABYTE:,.1f} MB.",
        "Nothing has been stored (--dry-run).",
    ])  # fmt: skip


def _set_aside(study: Study[OptimiseSettings], missing: dict[str, str]) -> str:
    """Which runs have no result; their plans took no further part."""
    rows = pd.DataFrame([{"run": run, "reason": reason} for run, reason in missing.items()])
    rows.to_csv(study.output / MISSING, index=False, quoting=csv.QUOTE_MINIMAL)
    reasons = "; ".join(sorted(set(missing.values()))[:3])
    return (f"ungridlock: {counted(len(missing), 'run')} without a result ({reasons}); plans that lack one were set "
            f"aside. All are in {study.output / MISSING}. The same command tries them again.")  # fmt: skip
