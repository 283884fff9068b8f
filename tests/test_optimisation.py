"""Search under a budget: it finds what is planted, keeps to the budget, judges on new lives, says what is tied."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.cli import main
from experiments.configuration import Library, load_job
from experiments.evaluation import chunk as chunking
from experiments.evaluation.study import Study, open_study
from experiments.fan_out import here as one_core
from experiments.optimisation import command
from experiments.optimisation.contest import Contest, compete, contest_of
from experiments.optimisation.cost import PriceList
from experiments.optimisation.flat_top import as_file, sentence, shared_and_different
from experiments.optimisation.holdout import holdout_lives, search_lives
from experiments.optimisation.judge import Lives, Outcomes
from experiments.optimisation.levers import Group, Levers
from experiments.optimisation.page import MILLION, on_screen
from experiments.optimisation.proposals import Proposals, content
from experiments.optimisation.search import Rules, Tried, best_of, race, rounds, runs_of_batch, search
from experiments.optimisation.settings import OptimiseSettings
from experiments.optimisation.ties import could_be_best
from experiments.paired import estimate
from experiments.settings import Unknowns
from experiments.unknowns import values_of, world_of
from sim.params.strategy import INITIATIVES, Strategy
from sim.run import Variant, burn_in, follow, fork

# --- what a plan costs


@pytest.fixture(scope="module")
def firm():  # type: ignore[no-untyped-def]
    """A small firm with a patient board, after its burn-in, over two years."""
    job = load_job("compare", ["organisation=small_firm", "months=24", "burn_in=12",
                               "organisation.customers.number=200", "organisation.board.stop_rate=0"])  # fmt: skip
    return burn_in(job.scenario, 1, 0)


def paid(origin, plan: Strategy) -> Counter[str]:  # type: ignore[no-untyped-def]
    """Dollars by account of the books, and what the measure says in all."""
    books: Counter[str] = Counter()

    def watch(world) -> None:  # type: ignore[no-untyped-def]
        if world.month >= 0:
            books.update(world.state.ledger.month)
            books["programme"] += world.state.ledger.capital_month

    result = follow(fork(origin, Variant("plan", plan)), watch)
    books["in all"] = float(result.months["programme_cost"][1:].sum())
    return books


CERTAIN = {
    "at once": {"initiatives": {"insight_system": 0, "customer_metric_pay": 3}, "messages": 0.5, "support": 0.2},
    "units": {"initiatives": {"capability_training": 2, "closed_loop_feedback": 20},
              "rollout": {"service": 9, "back_office": -1}, "support_months": 20},
    "leaders": {"initiatives": {"culture_programme": 4}, "behaviours": {"standards": 0.5, "resources": 1},
                "leaders": {"service": {"modelling": 1, "first_month": 6, "last_month": 9},
                            "chief_executive": {"obstacles": 0.5}}},
    "channels": {"channels": {"company_meetings": 0.5, "hallway_conversations": 1}, "change_agents": 0.5},
    "two-way": {"unlock": {"communicate": 0.6, "locate": 0.4}, "coaching": 0.5, "facilitator": 1},
    "launches": {"launches_per_year": 3, "launch_research": 0.5, "support_months": 13},
    "office": {"initiatives": {"front_line_empowerment": 0}, "unlock": {"organize": 0.5, "understand": 1}},
    "checkpoints": {"initiatives": {"front_line_empowerment": 2}, "unlock": {"keep_adjusting": 1},
                    "placebo": "activities"},
    "nothing": {},
}  # fmt: skip


@pytest.mark.parametrize("case", CERTAIN)
def test_a_plan_costs_what_the_books_say(case: str, firm) -> None:  # type: ignore[no-untyped-def]
    """Account by account, where nothing depends on chance or on what people do."""
    plan = Strategy.model_validate(CERTAIN[case])
    planned, books = PriceList(firm.inputs).accounts(plan), paid(firm, plan)
    assert planned == pytest.approx({account: books[account] for account in planned}, abs=1e-6)
    assert sum(planned.values()) == pytest.approx(books["in all"], abs=1e-6)
    assert (sum(planned.values()) > 0) == (case != "nothing")


def test_what_chance_decides_is_planned_at_its_usual_size(firm) -> None:  # type: ignore[no-untyped-def]
    plan = load_job("run", ["strategy=unlock_moments"]).scenario.strategy
    planned, books = PriceList(firm.inputs).accounts(plan), paid(firm, plan)
    assert planned["moments"] == pytest.approx(books["moments"], rel=0.6)
    assert sum(planned.values()) == pytest.approx(books["in all"], rel=0.15)


# --- levers


@pytest.fixture(scope="module")
def levers() -> Levers:
    scenario = load_job("compare", ["organisation=small_firm"]).scenario
    return Levers(scenario, frozenset(Group), 24)


@pytest.mark.parametrize("name", ["unlock", "coached_unlock", "everything_at_once", "five_behaviours", "as_is"])
def test_plans_on_the_grid_are_within_reach(name: str, levers: Levers) -> None:
    plan = load_job("run", [f"strategy={name}"]).scenario.strategy
    assert content(levers.plan(levers.nearest(plan))) == content(plan)


def test_what_plays_no_part_makes_no_other_plan(levers: Levers) -> None:
    idle = dict.fromkeys(levers.by_name, 0) | {"carried": len(levers.by_name["carried"].levels) - 1}
    same = [idle | {name: 1} for name in ("month.insight_system", "where.service", "gap", "pay", "launch_research")]
    assert {content(levers.plan(choice)) for choice in same} == {content(Strategy())}


def test_at_least_one_unit_starts_first(levers: Levers) -> None:
    idle = dict.fromkeys(levers.by_name, 0) | {"do.insight_system": 1, "gap": 1}
    units = list(levers.scenario.organisation.silos)
    later = levers.plan(idle | {f"where.{unit}": 1 for unit in units})
    assert later.rollout == {}
    mixed = levers.plan(idle | {f"where.{unit}": k for k, unit in enumerate(units)})
    assert mixed.rollout == {units[1]: 12, units[2]: -1}
    none_first = levers.plan(idle | {f"where.{unit}": 2 for unit in units[1:]} | {f"where.{units[0]}": 1})
    assert none_first.rollout == dict.fromkeys(units[1:], -1)


def test_everything_that_is_launched_is_carried_for_a_while(levers: Levers) -> None:
    choice = dict.fromkeys(levers.by_name, 0) | {"do.insight_system": 1, "month.insight_system": 8, "support": 5}
    plan = levers.plan(choice)
    assert plan.initiatives == {"insight_system": 24} and plan.support_months == 24 + 12


def test_switched_off_groups_are_left_alone() -> None:
    scenario = load_job("compare", ["organisation=small_firm"]).scenario
    few = Levers(scenario, frozenset({Group.INITIATIVES}), 24)
    plan = few.plan(dict.fromkeys(few.by_name, 1))
    assert set(few.by_name) == {f"do.{name}" for name in INITIATIVES}
    assert content(plan) == content(Strategy(initiatives=dict.fromkeys(INITIATIVES, 0)))


# --- proposals


def price(plan: Strategy) -> float:
    """A made-up price list: an initiative costs 1 to 8, everything else nothing."""
    return float(sum(1 + INITIATIVES.index(name) for name in plan.initiatives))


def proposals(levers: Levers, budget: float = 9.0, seed: int = 3) -> Proposals:
    return Proposals(levers, price, budget, seed)


def test_proposals_fit_the_budget_are_new_and_come_again(levers: Levers) -> None:
    def all_of(source: Proposals) -> list[str]:
        source.begin([Strategy(initiatives={"insight_system": 3})], 9)
        found = []
        for _ in range(4):
            for number, one in enumerate(batch := source.batch(6)):
                source.tell(one, float(number), -1 if number % 2 else 4)
            found += batch
        assert all(one.planned == price(one.plan) <= 9 for one in found)
        return [content(one.plan) for one in found]

    first = all_of(proposals(levers))
    assert len(set(first)) == len(first) == 24
    assert all_of(proposals(levers)) == first != all_of(proposals(levers, seed=4))


def test_a_space_that_is_used_up_ends_the_search() -> None:
    scenario = load_job("compare", ["organisation=small_firm"]).scenario
    few = Levers(scenario, frozenset({Group.AGENTS}), 24)
    tried = search(proposals(few), Planted(lambda plan: plan.change_agents), Rules(LIVES, 30, 6, 9.0))
    assert sorted(one.proposal.plan.change_agents for one in tried) == [0, 0.5, 1]


# --- the search, on a made-up function

LIVES = Lives(1, (0, 2, 4, 6, 1, 3, 5, 7))
WORTH = dict(zip(INITIATIVES, (2.0, 3.5, -1.0, 6.0, 1.0, 7.0, 8.0, -2.0), strict=True))


class Planted:
    """A judge that knows what plans are worth; luck is shared between plans but for a little of each plan's own."""

    def __init__(
        self, gain: Callable[[Strategy], float], cost: Callable[[Strategy], float] = price, noise: float = 0.3
    ) -> None:
        self.gain, self.cost, self.noise = gain, cost, noise
        self.asked: list[tuple[str, int, int]] = []  # content, seed, replicate

    def __call__(self, plans: Mapping[str, Strategy], lives: Lives, what: str) -> Outcomes:
        gains = {key: [self._one(plan, lives.seed, r) for r in lives.replicates] for key, plan in plans.items()}
        costs = {key: [self.cost(plan)] * len(lives.replicates) for key, plan in plans.items()}
        index, base = list(lives.replicates), {"as_is": [0.0] * len(lives.replicates)}
        return Outcomes(pd.DataFrame({**gains, **base}, index=index), pd.DataFrame({**costs, **base}, index=index))

    def _one(self, plan: Strategy, seed: int, replicate: int) -> float:
        self.asked.append((content(plan), seed, replicate))
        luck = np.random.default_rng([seed, replicate, *content(plan).encode()]).normal(0, self.noise)
        kind = 1 + 0.2 * math.sin(replicate // 2 + seed)  # worlds are kinder or less kind to all plans
        return self.gain(plan) * kind + luck


def worth(plan: Strategy) -> float:
    """Initiatives add up; support at 0.6 adds one more."""
    return sum(WORTH[name] for name in plan.initiatives) - 10 * (plan.support - 0.6) ** 2


def best_subset(budget: float) -> set[str]:
    """The optimum, by trying every subset."""
    subsets = [c for n in range(9) for c in itertools.combinations(INITIATIVES, n)]
    able = [c for c in subsets if sum(1 + INITIATIVES.index(name) for name in c) <= budget]
    return set(max(able, key=lambda c: sum(WORTH[name] for name in c)))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_planted_optimum_is_found_under_the_budget(seed: int) -> None:
    scenario = load_job("compare", ["organisation=small_firm"]).scenario
    some = Levers(scenario, frozenset({Group.INITIATIVES, Group.SUPPORT}), 24)
    source = proposals(some, budget=14.0, seed=seed)
    source.begin([], 24)
    tried = search(source, Planted(worth), Rules(LIVES, 120, 12, 14.0))
    top = max((one for one in tried if one.finished), key=lambda one: one.gain).proposal
    assert set(top.plan.initiatives) == best_subset(14.0) == {"customer_metric_pay", "closed_loop_feedback",
                                                               "capability_training", "insight_system"}  # fmt: skip
    assert top.plan.support in (0.4, 0.6, 0.8)
    assert max(one.proposal.planned for one in tried) <= 14.0 and len(tried) == 120
    lucky = max(worth(some.plan(source.fitted(source.random()))) for _ in range(120))
    assert worth(top.plan) > lucky  # as many random plans do not come as far


def test_racing_drops_the_worse_half_and_saves_runs(levers: Levers) -> None:
    source, judge = proposals(levers), Planted(worth, noise=0.0)
    batch = source.batch(8)
    found = race(batch, judge, Rules(LIVES, 8, 8, 9.0), "test")
    assert [one.proposal for one in found] == batch
    seen = {content(one.proposal.plan): len(one.gains) for one in found}
    assert sorted(seen.values()) == [4] * 4 + [8] * 4
    dropped, kept = ([one.gain for one in found if one.finished is state] for state in (False, True))
    assert max(worth(one.proposal.plan) for one in found if not one.finished) <= min(
        worth(one.proposal.plan) for one in found if one.finished
    )
    assert len(dropped) == len(kept) == 4
    assert len(set(judge.asked)) == runs_of_batch(8, 8) == 8 * 4 + 4 * 4
    assert {r for _, _, r in judge.asked[: 8 * 4]} == {0, 2, 4, 6}  # one life of every world first


def test_only_plans_that_saw_all_lives_kept_to_the_budget_and_changed_anything_are_finalists(levers: Levers) -> None:
    batch = proposals(levers).batch(5)
    gains = [9.0, 8.0, 7.0, 0.0, math.nan]
    rows = [Tried(one, pd.Series([gain] * 8), pd.Series([0.0] * 8), k != 0, k != 1)
            for k, (one, gain) in enumerate(zip(batch, gains, strict=True))]  # fmt: skip
    more = Tried(proposals(levers, seed=5).batch(1)[0], pd.Series([7.5] * 8), pd.Series([0.0] * 8), True, True)
    assert best_of([*rows, more], 9, lambda _: False) == [more, rows[2]]
    assert best_of([*rows, more], 1, lambda _: False) == [more]
    assert best_of([*rows, more], 9, lambda proposal: proposal is more.proposal) == [rows[2]]


def test_rounds_double() -> None:
    assert [rounds(n) for n in (2, 4, 7, 8, 12, 16, 32)] == [[2], [4], [7], [4, 8], [6, 12], [4, 8, 16], [4, 8, 16, 32]]
    assert runs_of_batch(12, 4) == 48 and runs_of_batch(12, 16) == 12 * 4 + 6 * 4 + 3 * 8


# --- ties


def sample(seed: int, means: Sequence[float], worlds: int = 12) -> tuple[pd.DataFrame, np.ndarray]:
    """Gains of plans in two replicates per world: shared luck, and spread of each plan's own between worlds."""
    chance, world = np.random.default_rng(seed), np.repeat(np.arange(worlds), 2)
    shared = chance.normal(0, 5, (worlds, 1))[world]
    own = chance.normal(0, 1, (worlds, len(means)))[world] + chance.normal(0, 0.5, (2 * worlds, len(means)))
    return pd.DataFrame(np.asarray(means) + shared + own), world


def test_equal_plans_are_tied_and_a_clearly_worse_one_is_not() -> None:
    gains, worlds = sample(1, [10, 10, 10, 2, 9.9])
    gains[5] = gains[0]  # the very same plan under another name
    assert could_be_best(gains, worlds, 0.9).tolist() == [True, True, True, False, True, True]
    clear = gains[[0]].assign(worse=gains[0] - 1)
    assert could_be_best(clear, worlds, 0.9).tolist() == [True, False]  # nothing but the same luck apart
    assert could_be_best(gains[[3]], worlds, 0.9).tolist() == [True]


def test_the_truly_best_plan_stays_as_often_as_promised() -> None:
    """Under the hardest case, when all plans but the named best are as good as it."""
    kept = np.mean([could_be_best(*sample(seed, [0.0] * 8), 0.9)[3] for seed in range(400)])
    assert kept >= 0.9 - 3 * math.sqrt(0.09 / 400)
    naive = np.mean([sample(seed, [0.0] * 8)[0].mean().idxmax() == 3 for seed in range(400)])
    assert naive < 0.3  # taking the leader for the best would be wrong most of the time


def test_two_plans_are_judged_as_by_the_interval_of_a_comparison() -> None:
    for seed in range(40):
        gains, worlds = sample(seed, [0.0, 0.9])
        behind = estimate((gains[1] - gains[0]).to_numpy(), worlds, 0.8)  # two-sided 80%: one-sided 90%
        assert could_be_best(gains, worlds, 0.9).tolist() == [behind.low <= 0, behind.high >= 0]


# --- new lives


def test_new_lives_share_neither_luck_nor_parameters_with_the_search() -> None:
    job = load_job("optimise", ["organisation=small_firm"])
    search_on, new = search_lives(job.settings), holdout_lives(job.scenario, job.settings, 32)
    assert search_on.replicates == (0, 2, 4, 6, 1, 3, 5, 7) and len(new.replicates) == 32
    assert new.seed != search_on.seed and not set(new.replicates) & set(search_on.replicates)

    def sets(lives: Lives) -> set[tuple[float, ...]]:
        worlds = sorted({world_of(r, Unknowns.ENSEMBLE) for r in lives.replicates})
        found = [values_of(job.scenario, lives.seed, world, job.settings.ensemble)[0] for world in worlds]
        return {(values["behaviour.sharing.conformity"], values["market.complexity"]) for values in found}

    assert not sets(search_on) & sets(new) and len(sets(new)) == 16


def test_too_many_new_lives_for_the_ensemble_are_refused() -> None:
    job = load_job("optimise", ["organisation=small_firm"])
    with pytest.raises(ValueError, match=r"holdout: must leave worlds that the search has not seen .*70"):
        holdout_lives(job.scenario, job.settings, 140)
    free = job.settings.model_copy(update={"unknowns": Unknowns.PRIOR})
    assert len(holdout_lives(job.scenario, free, 140).replicates) == 140
    alone = job.settings.model_copy(update={"unknowns": Unknowns.DEFAULT})
    assert holdout_lives(job.scenario, alone, 3).replicates == (8, 9, 10)


# --- from beginning to end, on a made-up function

SEARCH = ("organisation=small_firm", "trials=36", "batch=12", "finalists=6", "levers=[initiatives,support]",
          "holdout=16", "shipped=false", "strategies=[as_is,incentives_only,training_only,talk_only]")  # fmt: skip


def contest(*words: str) -> Contest:
    made_up = contest_of(open_study("optimise", OptimiseSettings, [*SEARCH, *words]))
    return replace(made_up, prices=MadeUp(made_up.study.job.scenario), budget=14 * MILLION)


def millions(
    gain: Callable[[Strategy], float], cost: Callable[[Strategy], float] = price, noise: float = 0.3
) -> Planted:
    """A judge in millions of dollars."""
    return Planted(lambda plan: MILLION * gain(plan), lambda plan: MILLION * cost(plan), MILLION * noise)


class MadeUp(PriceList):
    """A price list for the made-up function."""

    def total(self, plan: Strategy) -> float:
        """Made-up dollars."""
        return MILLION * price(plan)


def test_the_answer_has_leader_ties_cost_and_what_the_search_thought() -> None:
    result = compete(contest(), millions(worth))
    table = result.answer.table
    assert table["plan"].iloc[0] == "best_1" and table["fits"].all()
    assert table["gain"].is_monotonic_decreasing and result.answer.tied[0] == "best_1"
    assert {"as_is", "incentives_only", "training_only"} <= set(table["plan"])
    assert not table.set_index("plan").loc["as_is", "tied"]
    said = on_screen(result.answer)
    for words in ("36 plans tried under $14M", "Best: best 1, +$", "Luck of being picked", "It is not a forecast."):
        assert words in said


def test_finalists_are_judged_on_lives_that_nothing_was_chosen_on() -> None:
    judge, made_up = millions(worth), contest()
    compete(made_up, judge)
    chosen_on = {(seed, r) for _, seed, r in judge.asked[: -16 * 9]}
    judged_on = {(seed, r) for _, seed, r in judge.asked[-16 * 9 :]}
    assert len(judged_on) == 16 and not chosen_on & judged_on and chosen_on == {(1, r) for r in range(8)}


def test_winners_curse_shows() -> None:
    """Where all plans are worth the same, the leader of the search was lucky, and new lives say so."""
    table = compete(contest(), millions(lambda plan: 0.0, noise=1.0)).answer.table
    found = table[table["kind"] == "found"]
    assert found["search"].max() > 0.4 * MILLION > abs(found.loc[found["search"].idxmax(), "gain"])


def test_a_plan_that_pays_more_than_the_budget_never_wins() -> None:
    """Its price list says that it fits; the books say otherwise, in the search or only later."""

    def dear(plan: Strategy) -> float:
        return 15.0 if "capability_training" in plan.initiatives else price(plan)

    result = compete(contest(), millions(worth, cost=dear))
    assert all("capability_training" not in result.answer.plans[key].initiatives for key in result.answer.tied)
    assert "capability_training" not in result.answer.plans["best_1"].initiatives
    named = result.answer.table.set_index("plan").loc["training_only"]
    assert not named["fits"] and not named["tied"]

    class Later(Planted):
        def __call__(self, plans: Mapping[str, Strategy], lives: Lives, what: str) -> Outcomes:
            found = super().__call__(plans, lives, what)
            dear = (lives.seed == 2) & (found.gains.mean() > 15 * MILLION)
            return Outcomes(found.gains, found.costs + 100 * MILLION * dear)

    late = compete(contest(), Later(lambda plan: MILLION * worth(plan), noise=0.3 * MILLION)).answer
    over = late.table[~late.table["fits"]]
    assert len(over) and over["gain"].min() > late.table.loc[late.table["fits"], "gain"].max()
    assert over["plan"].str.startswith("over_budget").all() and not over["tied"].any()


def test_a_budget_that_buys_nothing_is_refused() -> None:
    poor = replace(contest("strategies=[as_is]"), budget=0.5, rivals={})
    with pytest.raises(ValueError, match="budget: must pay for at least one activity"):
        compete(poor, Planted(lambda plan: 0.0, noise=0.0))


def test_only_what_people_do_can_win() -> None:
    """The search sets strategies and nothing else, and never a placebo."""
    made_up = contest("levers=[initiatives,when,where,unlock,behaviours,support,moments,coaching,agents,launches,pay]")
    source = Proposals(made_up.levers, price, 14.0, 1)
    for _ in range(40):
        plan = made_up.levers.plan(source.random())
        assert plan.placebo == "none" and plan == Strategy.model_validate(plan.model_dump())
        made_up.study.job.scenario.require_names(plan)


def test_named_plans_and_the_default_budget() -> None:
    """All that are shipped, without placebos; the budget is a tenth above what unlock is planned to cost."""
    usual = contest_of(open_study("optimise", OptimiseSettings, ["organisation=small_firm"]))
    assert {"unlock", "five_behaviours"} <= set(usual.rivals) and "everything_supported" in usual.over
    assert not [key for key in {**usual.rivals, **usual.over} if key in ("placebo", "as_is") or "without" in key]
    assert 1.1 <= usual.budget / usual.prices.total(usual.rivals["unlock"]) <= 1.2


# --- words and files


def test_what_tied_plans_share_and_where_they_differ() -> None:
    plans = [Strategy(initiatives={"insight_system": 0, "customer_metric_pay": 6}, support=0.4),
             Strategy(initiatives={"insight_system": 3}, support=0.8, rollout={"service": 6})]  # fmt: skip
    all_have, some, none = shared_and_different(plans)
    assert all_have == "All have: insight system (month 0 to 3) and help on the job (0.4 to 0.8)."
    assert some == "Some have: customer metric pay (1 of 2) and a start in some units only (1 of 2)."
    assert none.startswith("None has: closed loop feedback, ")
    assert sentence(plans[1]) == "Insight system in month 3; service 6 months later; help on the job 0.8."


@pytest.mark.parametrize("seed", range(6))
def test_a_written_plan_composes_to_itself(seed: int, levers: Levers, tmp_path: Path) -> None:
    source = Proposals(levers, price, 100.0, seed)
    plan = levers.plan(source.random())
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "best_1.yaml").write_text(as_file(plan, "best 1", "Found."), encoding="utf-8")
    library = Library(tmp_path)
    with library.opened():
        read = library.strategies(["best_1"])["best_1"]
    assert content(read) == content(plan) and read.name == "best 1" and read.description


# --- the command, on the model

TINY = ("organisation=small_firm", "months=4", "burn_in=12", "organisation.customers.number=200", "quiet=true",
        "compute=one_core", "replicates=4", "holdout=4", "trials=6", "batch=3", "finalists=2", "shipped=false",
        "strategies=[as_is,incentives_only]", "budget=1", "latest=3", "objective=total")  # fmt: skip


def tiny(folder: Path, *words: str) -> Study[OptimiseSettings]:
    here = [f"output={folder / 'out'}", f"store={folder / 'store'}"]
    return open_study("optimise", OptimiseSettings, [*TINY, *here, *words])


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An undisturbed search."""
    folder = tmp_path_factory.mktemp("searched")
    command.perform(tiny(folder))
    return folder


FILES = ("plans.csv", "trials.csv", "runs.parquet", "experiment.json", "configuration.yaml", "dictionary.csv",
         "figures/plans.png", "figures/plans.svg", "plans/strategy/best_1.yaml")  # fmt: skip


def test_a_real_search_leaves_tables_plans_and_figure(searched: Path) -> None:
    assert [name for name in FILES if not (searched / "out" / name).is_file()] == []
    plans, runs = pd.read_csv(searched / "out" / "plans.csv"), pd.read_parquet(searched / "out" / "runs.parquet")
    trials = pd.read_csv(searched / "out" / "trials.csv")
    assert len(trials) == 6 and (trials["planned"] <= 1e6).all()
    assert set(runs["scenario"]) == set(plans["plan"]) and runs["replicate"].nunique() == 4
    cost = runs.groupby("scenario")["programme_cost"].mean()
    assert plans.set_index("plan")["paid"].to_dict() == pytest.approx(cost.to_dict())
    gain = runs.pivot(index="replicate", columns="scenario", values="total")
    assert plans.set_index("plan")["gain"].to_dict() == pytest.approx(gain.sub(gain["as_is"], axis=0).mean().to_dict())
    words = ["organisation=small_firm", "strategies=[as_is,best_1]"]
    assert load_job("compare", words, searched / "out" / "plans").strategies["best_1"].name == "best 1"


def test_less_turnover_is_a_gain_and_shown_as_a_fall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("objective=turnover", "months=12", "trials=4", "batch=4", "strategies=[as_is,five_behaviours]")
    command.perform(tiny(tmp_path, *words))
    plans = pd.read_csv(tmp_path / "out" / "plans.csv").set_index("plan")
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet").groupby("scenario")["turnover"].mean()
    assert plans["gain"].to_dict() == pytest.approx((runs["as_is"] - runs).to_dict())
    gain = plans.loc["five_behaviours", "gain"]
    assert gain != 0 and re.search(rf"five behaviours +{re.escape(f'{-100 * gain:+.2f}')}", capsys.readouterr().out)


def test_a_search_comes_again_from_the_store(searched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: (searched / "out" / name).read_bytes() for name in ("plans.csv", "trials.csv", "runs.parquet")}

    def never(*_: object) -> object:
        raise AssertionError("computed again")

    monkeypatch.setattr(chunking, "burn_in", never)
    command.perform(tiny(searched))
    assert before == {name: (searched / "out" / name).read_bytes() for name in before}


def test_an_interrupted_search_goes_on_to_the_same_end(
    searched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, lives = chunking.burn_in, []

    def interrupting(*life: object) -> object:
        lives.append(life)
        if len(lives) == 7:
            raise KeyboardInterrupt
        return whole(*life)  # type: ignore[arg-type]

    monkeypatch.setattr(chunking, "burn_in", interrupting)
    monkeypatch.setattr(one_core, "guarded", lambda call, job: call(job))
    words = [*TINY, f"output={tmp_path / 'out'}", f"store={tmp_path / 'store'}"]
    assert main(["optimise", *words]) == 130
    said = capsys.readouterr().err
    assert re.fullmatch(r"ungridlock: interrupted, kept \d+ of at most \d+ runs; run the same command again.*\n", said)
    assert main(["optimise", *words]) == 0
    for name in ("plans.csv", "trials.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (searched / "out" / name).read_bytes()


def test_plans_without_a_result_are_set_aside_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, bad = chunking.follow, []

    def broken(model):  # type: ignore[no-untyped-def]
        plan = model.inputs.strategy
        if plan.name == "found" and (not bad or content(plan) == bad[0]):
            bad[:] = [content(plan)]
            raise ValueError("no such luck")
        return whole(model)

    monkeypatch.setattr(chunking, "follow", broken)
    words = [*TINY, f"output={tmp_path / 'out'}", f"store={tmp_path / 'store'}"]
    assert main(["optimise", *words]) == 1
    assert re.search(r"4 runs without a result \(ValueError: no such luck\); plans that lack one were set aside",
                     capsys.readouterr().err)  # fmt: skip
    assert len(pd.read_csv(tmp_path / "out" / "missing.csv")) == 4
    trials = pd.read_csv(tmp_path / "out" / "trials.csv")
    assert trials["gain"].isna().sum() == 1 and len(pd.read_csv(tmp_path / "out" / "plans.csv")) == 4


def test_a_dry_run_counts_at_most_and_stores_nothing(
    searched: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*TINY, f"output={tmp_path / 'out'}", f"store={tmp_path / 'store'}"]
    assert main(["optimise", *words, "--dry-run"]) == 0
    said = capsys.readouterr().out
    most = int(re.search(r"At most (\d+) runs: 8 of the baseline and 1 named plans in 4 lives, 24 to try 6", said)[1])  # type: ignore[index]
    stored = len(pd.concat([pd.read_parquet(path) for path in (searched / "store" / "runs").glob("*.parquet")]))
    assert stored <= most == 8 + 24 + 16
    assert "Nothing has been stored" in said and not (tmp_path / "store").exists()


BAD = {
    "objective=profits": r"^objective: unknown objective; got 'profits'",
    "objective=gridlock": r"^objective: unknown objective",
    "budget=0": r"^budget: must be greater than 0|^budget: ",
    "budget=much": r"^budget: must be a number",
    "trials=1": r"^trials: must be at least 4",
    "batch=1": r"^batch: must be at least 2",
    "finalists=0": r"^finalists: must be at least 1",
    "holdout=5": r"^holdout: must be a multiple of 2 .* at least 4; got 5",
    "holdout=400": r"^holdout: must leave worlds that the search has not seen",
    "replicates=3": r"^replicates: must be a multiple of 2",
    "level=2": r"^level: must be at most 0\.999",
    "latest=-1": r"^latest: must be at least 0",
    "levers=[luck]": r"^levers\.0: must be one of 'initiatives'",
    "shipped=maybe": r"^shipped: must be true or false",
    "vary.norms=[open]": r"^vary: is not used here",
    "budget=0.000001": r"^budget: must pay for at least one activity",
}


@pytest.mark.parametrize("word", BAD)
def test_bad_settings_are_one_line_each(word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [w for w in TINY if w.split("=")[0] != word.split("=", maxsplit=1)[0]]
    assert main(["optimise", *words, f"output={tmp_path / 'out'}", f"store={tmp_path / 'store'}", word]) == 2
    error = capsys.readouterr().err
    assert re.search(BAD[word], error) and error.count("\n") == 1, error


def test_a_missing_extra_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("experiments.optimisation.proposals.find_spec", lambda name: None)
    assert main(["optimise", *TINY, f"output={tmp_path / 'out'}", f"store={tmp_path / 'store'}"]) == 2
    assert re.match(r"optimise: needs the extra search.*ungridlock\[search\]", capsys.readouterr().err)
    assert not (tmp_path / "store").exists()
