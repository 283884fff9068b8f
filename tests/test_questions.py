"""The five customer questions and the portfolios: what is believed against the truth, what errors of estimates cost."""

from __future__ import annotations

import dataclasses
import math
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from experiments.cli import main
from experiments.configuration import load_job, load_scenario
from experiments.questions import cell, summarise
from sim.columns import PORTFOLIO_MANAGER
from sim.draws import Stream, uniform_table
from sim.measures.organisation import measure
from sim.measures.portfolios import PROJECTED_MONTHS, fence_measures, portfolios
from sim.measures.questions import TRAITS, Line, ask, chance_to_join, lead_by_trait
from sim.measures.worth import market_intelligence, prospects, true_worth_of_prospects
from sim.model import OrganisationModel
from sim.params.strategy import FEEDBACK
from sim.phases.estimates import Worth, present, true_worth
from sim.run import Variant, burn_in, fork, run
from sim.world import World
from tests.conftest import changed, flat
from tests.test_governance import months_of_cash

SHORT = ["organisation=small_firm", "months=4", "burn_in=12"]
VALUE_QUESTIONS = (1, 2, 4, 5)
RIGHT = "of those in mind, truly so"


def model_of(*words: str) -> OrganisationModel:
    return burn_in(load_scenario([*SHORT, *words]), seed=3, replicate=0)


@pytest.fixture(scope="module")
def plain() -> OrganisationModel:
    return model_of()


@pytest.fixture(scope="module")
def owned() -> OrganisationModel:
    return model_of("governance=hybrid")


def copy_of(model: OrganisationModel, changes: tuple[tuple[str, float], ...] = ()) -> OrganisationModel:
    return fork(model, Variant("same", model.inputs.strategy, changes=changes))


def with_error(world: World, error: float) -> World:
    """The same world in the eyes of an enterprise whose estimates err by `error`."""
    customers = world.rules.customers.model_copy(update={"estimate_error": error})
    return dataclasses.replace(world, rules=world.rules._replace(customers=customers))


def found(lines: list[Line]) -> dict[tuple[int, str], Line]:
    return {(line.question, line.what): line for line in lines}


def right(world: World) -> np.ndarray:
    """Share truly so of those in mind: questions 1, 4, 5."""
    lines = found(ask(world))
    return np.array([lines[q, RIGHT].true for q in (1, 4, 5)])


def test_all_five_are_answered(plain: OrganisationModel) -> None:
    lines = ask(plain.world)
    assert {line.question for line in lines} == {1, 2, 3, 4, 5}
    assert len(found(lines)) == len(lines)
    assert all(math.isfinite(line.true) for line in lines)


@pytest.mark.parametrize("governance", ["product", "hybrid", "tiers"])
def test_values_are_those_of_the_model(governance: str) -> None:
    model = model_of(f"governance={governance}")
    model.advance()
    rows = present(model.world)
    total = true_worth(model.world, rows).lifetime.sum() * model.inputs.organisation.customers.weight
    assert total == pytest.approx(measure(model.world)["customer_equity"], rel=1e-6)
    lines = found(ask(model.world))
    assert lines[1, "mean lifetime value of all"].true * len(rows) == pytest.approx(
        total / model.inputs.organisation.customers.weight
    )
    assert (model.state.customers.tier[rows] > 0).any() == (governance != "product")


def test_without_error_belief_is_the_truth(owned: OrganisationModel) -> None:
    for line in ask(with_error(owned.world, 0.0)):
        if line.question in VALUE_QUESTIONS:
            assert line.believed == line.true or (math.isnan(line.believed) and math.isnan(line.true)), line


def test_the_larger_the_error_the_fewer_are_right(plain: OrganisationModel) -> None:
    shares = [right(with_error(plain.world, error)) for error in (0.0, 0.3, 0.8, 2.0)]
    assert (np.diff(shares, axis=0) < 0).all() and (shares[-1] > 0.1).all()


def test_promises_grow_with_the_error(plain: OrganisationModel) -> None:
    mind = [found(ask(with_error(plain.world, e)))[1, "lifetime value of those in mind"] for e in (0.0, 0.4, 0.8)]
    assert mind[0].believed < mind[1].believed < mind[2].believed
    assert mind[0].true > mind[1].true > mind[2].true


def test_knowledge_helps_with_customers_only(plain: OrganisationModel) -> None:
    twin = copy_of(plain)
    twin.state.customers.knowledge[:] = 1.0
    before, after = right(plain.world), right(twin.world)
    assert after[0] > before[0] + 0.02
    assert (after[1:] == before[1:]).all()
    twin.state.silos.chain[:] = 0.98
    assert right(twin.world)[0] > 0.95


def test_market_intelligence_helps_with_prospects(plain: OrganisationModel) -> None:
    assert market_intelligence(plain.world) == pytest.approx(0.0, abs=1e-12)
    twin = copy_of(plain)
    twin.state.customers.knowledge[:] = 0.0
    ignorant = right(twin.world)
    twin.state.silos.chain[:, :3] = 0.95
    assert (right(twin.world)[1:] > ignorant[1:]).all() and right(twin.world)[0] == ignorant[0]
    assert (market_intelligence(twin.world) > 0.4).all() and (market_intelligence(twin.world) < 0.5).all()


@pytest.mark.parametrize(("link", "counts"), list(enumerate([True, True, True, False, False])))
def test_market_intelligence_rests_on_three_links(plain: OrganisationModel, link: int, counts: bool) -> None:
    twin = copy_of(plain)
    twin.state.silos.chain[:, :3] = 0.6
    level = market_intelligence(twin.world).copy()
    info = plain.inputs.customers.information
    usual = np.mean(np.array([info.capture, info.collate, info.retrieve]) ** -4.0) ** -0.25
    assert level == pytest.approx(0.5 * (0.6 - usual) / (1 - usual))
    less = copy_of(plain, (("customers.information.market", 0.25),))
    less.state.silos.chain[:, :3] = 0.6
    assert market_intelligence(less.world) == pytest.approx(0.5 * level)
    twin.state.silos.chain[:, link] = 0.9
    assert (market_intelligence(twin.world) > level).all() == counts


def test_believed_spend_and_hazard_follow_the_rules_of_the_phase(plain: OrganisationModel) -> None:
    """The mean belief about all customers, worked out row by row from the rule's formula."""
    world, c = plain.world, plain.state.customers
    chain = np.mean(plain.state.silos.chain**-4.0, axis=1) ** -0.25
    e, delta = plain.inputs.organisation.economics, plain.inputs.organisation.economics.monthly_discount
    values = []
    for i in present(world):
        blur = 0.8 * (1 - float(c.knowledge[i]) * chain[c.home[i]])
        spend = float(c.spend[i]) * math.exp(blur * float(c.error[i]))
        hazard = np.array([float(c.hazard[i]) * math.exp(blur * float(c.misjudged[i]))])
        months = months_of_cash(hazard, c.tenure[i : i + 1], delta, world.rules)[0]
        cost = e.contact_cost * plain.inputs.market.contact_rate * float(c.service_cost[i])
        values.append((e.margin * float(c.wallet[i]) * spend - cost) * months)
    lines = found(ask(world))
    assert lines[1, "mean lifetime value of all"].believed == pytest.approx(np.mean(values), rel=1e-5)


def worth(spend: list[float], wallet: list[float], cost: list[float], hazard: list[float]) -> Worth:
    none = np.zeros(len(spend))
    traits = (np.array(v) for v in (spend, wallet, cost, hazard))
    return Worth(*traits, ahead=none, rise=none, unpaid=none, margin=0.5, discount=0.01)


def test_why_parts_add_up_to_the_lead(plain: OrganisationModel) -> None:
    all_of_them = true_worth(plain.world, present(plain.world))
    chosen = (all_of_them.lifetime > np.quantile(all_of_them.lifetime, 0.9)).astype(float)
    parts = lead_by_trait(all_of_them, chosen)
    lead = all_of_them.lifetime[chosen == 1].mean() - all_of_them.lifetime.mean()
    assert parts.sum() == pytest.approx(lead, rel=1e-12)
    lines = found(ask(plain.world))
    assert sum(lines[1, f"their lead comes from {t}"].true for t in TRAITS) == pytest.approx(1.0)


def test_why_names_the_only_trait_that_differs() -> None:
    two, chosen = [1.0, 1.0], np.array([0.0, 1.0])
    for k, varied in enumerate((
        worth([40, 80], two, two, [0.02, 0.02]), worth([60, 60], [0.4, 0.8], two, [0.02, 0.02]),
        worth([60, 60], two, two, [0.04, 0.01]), worth([60, 60], two, [5, 1], [0.02, 0.02]),
    )):  # fmt: skip
        parts = lead_by_trait(varied, chosen)
        assert parts[k] > 0 and parts[np.arange(4) != k] == pytest.approx(0.0, abs=1e-9)


def test_why_splits_what_two_traits_do_together_evenly() -> None:
    """Value = margin x wallet x spend x months, spend 40 or 80, wallet .4 or .8, months the same."""
    both = worth([40, 80], [0.4, 0.8], [0.0, 0.0], [0.02, 0.02])
    parts, months = lead_by_trait(both, np.array([0.0, 1.0])), both.multiple[0]
    assert parts[:2] == pytest.approx([6 * months, 6 * months])  # lead .5 (64 - 40) months, half each by symmetry
    assert parts[2:] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_three_years_are_thirty_six_payments() -> None:
    one = worth([60], [0.5], [2], [0.03])
    kept = math.exp(-0.03) / 1.01
    assert one.within(PROJECTED_MONTHS)[0] == pytest.approx(sum(13 * kept**t for t in range(1, 37)))
    assert one.within(100_000)[0] == pytest.approx(one.lifetime[0])


def test_unprofitable_customers_are_counted(plain: OrganisationModel) -> None:
    twin, c = copy_of(plain), plain.state.customers
    rows = present(plain.world)[:30]
    twin.state.customers.spend[rows] = 0.01
    line = found(ask(with_error(twin.world, 0.0)))[2, "number"]
    before = found(ask(with_error(plain.world, 0.0)))[2, "number"]
    assert line.true == before.true + 30 * plain.inputs.organisation.customers.weight
    assert found(ask(twin.world))[2, "lifetime value of those truly so"].true < 0
    assert c.spend[rows].min() > 0.01  # the twin is a copy


def test_advocates_are_known_as_far_as_reactions_are_seen(plain: OrganisationModel) -> None:
    twin = copy_of(plain)
    rows = present(twin.world)
    advocates = rows[:: len(rows) // 200]
    twin.state.customers.satisfaction[rows], twin.state.customers.trust[rows] = 0.4, 0.9
    twin.state.customers.satisfaction[advocates] = 0.9
    distrustful = rows[5:200:7][~np.isin(rows[5:200:7], advocates)]
    twin.state.customers.satisfaction[distrustful], twin.state.customers.trust[distrustful] = 0.9, 0.4
    shares = []
    for practised in (0.0, 0.5, 1.0):
        twin.state.climate.design[:, FEEDBACK] = practised
        lines = found(ask(twin.world))
        assert lines[3, "number"].true == len(advocates) * plain.inputs.organisation.customers.weight
        assert lines[3, "number"].believed == pytest.approx(lines[3, "number"].true, rel=0.02)
        assert lines[3, "customers whose reactions it sees"].true == pytest.approx(0.25 + 0.6 * practised)
        shares.append(lines[3, RIGHT].true)
    assert shares[0] < shares[1] < shares[2] < 1


def seeing(world: World, share: float) -> World:
    norms = world.rules.norms.model_copy(update={"feedback_visibility": share})
    return dataclasses.replace(world, rules=world.rules._replace(norms=norms))


def test_who_sees_all_is_right_about_advocates_and_who_sees_nothing_names_none(plain: OrganisationModel) -> None:
    lines = found(ask(seeing(with_error(plain.world, 0.0), 1.0)))
    mine = [line for line in lines.values() if line.question == 3 and math.isfinite(line.believed)]
    assert len(mine) == 6 and all(line.believed == pytest.approx(line.true) for line in mine)
    assert found(ask(seeing(plain.world, 0.0)))[3, "number"].believed == 0


def test_prospects_join_with_the_hazard_foreseen(plain: OrganisationModel) -> None:
    twin = copy_of(plain)
    rows = prospects(twin.world)
    foreseen = true_worth_of_prospects(twin.world, rows)
    twin.state.entry[:] = 1e9
    twin.advance()
    c = twin.state.customers
    assert (c.alive[rows] == 1).all()
    assert c.hazard[rows] == pytest.approx(foreseen.hazard, rel=1e-6)
    assert c.wallet[rows] == pytest.approx(foreseen.wallet)
    assert c.worth[rows] == pytest.approx(foreseen.lifetime, rel=1e-4)


@pytest.mark.parametrize("which", ["plain", "owned"])
def test_who_joins_had_the_chance_stated(which: str, request: pytest.FixtureRequest) -> None:
    """With the month's draw at hand, the stated chances name exactly those who join."""
    twin = copy_of(request.getfixturevalue(which))
    twin.state.entry[:] *= 5
    rows = prospects(twin.world)
    slots, month = twin.state.customers.slot[rows], twin.state.month
    luck = uniform_table(twin.world.key, Stream.CUSTOMER_MONTH, slots, month, ordinal=1)[:, 0]
    joins = rows[luck < chance_to_join(twin.world, rows)]
    twin.advance()
    assert (twin.state.customers.alive[rows] == 1).sum() == len(joins) > 20
    assert (twin.state.customers.alive[joins] == 1).all()


def test_every_owned_customer_is_in_one_portfolio(owned: OrganisationModel) -> None:
    c, held = owned.state.customers, portfolios(owned.world)
    weight = owned.inputs.organisation.customers.weight
    slots = [one.employee for one in held]
    assert len(set(slots)) == len(slots)
    assert sum(one.customers for one in held) == (c.owner >= 0).sum() * weight > 0
    e = owned.state.employees
    managers = np.flatnonzero(e.role == PORTFOLIO_MANAGER)
    assert slots == managers.tolist()
    assert [one.unit for one in held] == [owned.structure.silos[e.silo[slot]] for slot in slots]
    for one in held:
        assert one.customers == (c.owner == one.employee).sum() * weight


def test_portfolios_add_up_to_the_owned_customers(owned: OrganisationModel) -> None:
    c, held, weight = owned.state.customers, portfolios(owned.world), owned.inputs.organisation.customers.weight
    rows = np.flatnonzero(c.owner >= 0)
    assert sum(one.revenue for one in held) == pytest.approx(float((c.wallet[rows] * c.spend[rows]).sum()) * weight)
    value = true_worth(owned.world, rows).within(PROJECTED_MONTHS).sum() * weight
    assert sum(one.true for one in held) == pytest.approx(value)
    assert sum(one.believed for one in held) > value  # who is inside the fence tends to be overrated
    exact = portfolios(with_error(owned.world, 0.0))
    assert all(one.believed == pytest.approx(one.true) for one in exact)


def test_nobody_owns_anybody_under_product_management(plain: OrganisationModel) -> None:
    held = portfolios(plain.world)
    assert held and all(one.customers == one.revenue == one.believed == one.true == 0 for one in held)
    assert all(math.isnan(value) for value in fence_measures(plain.world).values())


def test_fence_by_hand(owned: OrganisationModel) -> None:
    c, weight = owned.state.customers, owned.inputs.organisation.customers.weight
    right_ones, missed, n_owned = 0, 0.0, 0
    for home in range(len(owned.structure.silos)):
        rows = [i for i in present(owned.world) if c.home[i] == home]
        mine = {i for i in rows if c.owner[i] >= 0}
        best = set(sorted(rows, key=lambda i: float(c.worth[i]))[len(rows) - len(mine) :])
        right_ones, n_owned = right_ones + len(mine & best), n_owned + len(mine)
        missed += sum(float(c.worth[i]) for i in best) - sum(float(c.worth[i]) for i in mine)
    measured = fence_measures(owned.world)
    assert measured["fence_accuracy"] == right_ones / n_owned < 1
    assert measured["fence_missed"] == pytest.approx(missed * weight)


def test_a_fence_round_the_most_valuable_misses_nothing(owned: OrganisationModel) -> None:
    twin = copy_of(owned)
    c, rows = twin.state.customers, present(twin.world)
    c.owner[:] = -1
    for home in np.unique(c.home[rows]):
        here = rows[c.home[rows] == home]
        c.owner[here[np.argsort(c.worth[here])[-40:]]] = 1
    measured = fence_measures(twin.world)
    assert measured["fence_accuracy"] == 1.0 and measured["fence_missed"] == pytest.approx(0.0, abs=1e-6)


def test_a_better_estimate_draws_a_better_fence() -> None:
    accuracy = []
    for error in (0.0, 0.8, 2.0):
        accuracy.append(
            fence_measures(model_of("governance=hybrid", f"organisation.customers.estimate_error={error}").world)
        )
    assert accuracy[0]["fence_accuracy"] > accuracy[1]["fence_accuracy"] > accuracy[2]["fence_accuracy"]
    assert accuracy[0]["fence_missed"] < accuracy[1]["fence_missed"] < accuracy[2]["fence_missed"]


def test_asking_changes_nothing(owned: OrganisationModel) -> None:
    before = flat(owned.state)
    ask(owned.world)
    portfolios(owned.world)
    fence_measures(owned.world)
    assert changed(before, flat(owned.state)) == []


def test_nobody_left_is_no_error(plain: OrganisationModel) -> None:
    twin = copy_of(plain)
    twin.state.customers.alive[:] = 0
    nobody = found(ask(twin.world))
    assert nobody[1, "top tenth by lifetime value"].true == 0 and math.isnan(nobody[1, RIGHT].true)
    twin.state.customers.alive[:] = 1
    assert found(ask(twin.world))[4, "tenth worth most if they join"].true == 0


def asked(folder: Path, *words: str) -> pd.DataFrame:
    words = ("quiet=true", "compute.workers=1", *words, f"output={folder}")
    assert main(["questions", *SHORT, *words]) == 0
    return pd.read_csv(folder / "customer_questions.csv")


def test_the_verb_writes_its_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = asked(tmp_path, "strategy=unlock", "governance=hybrid", "replicates=3")
    assert set(table["question"]) == {1, 2, 3, 4, 5} and set(table["month"]) == {0, 4}
    assert (table["replicates"] == 3).all()
    assert not table.duplicated(["question", "quantity", "month"]).any()
    known = table.dropna(subset=["truth_low"])
    assert len(known) > 50 and known["truth"].between(known["truth_low"], known["truth_high"]).all()
    held = pd.read_csv(tmp_path / "portfolios.csv")
    assert not held.duplicated(["replicate", "month", "employee"]).any()
    assert held.groupby("replicate")["true"].sum().nunique() == 3
    assert set(held["month"]) == {0, 4} and set(held["replicate"]) == {0, 1, 2} and held["customers"].sum() > 0
    assert (tmp_path / "configuration.yaml").is_file()
    shown = capsys.readouterr().out
    for words in ("5 Which prospects are most likely to convert?", "Portfolios of customers", "Not a forecast"):
        assert words in shown
    assert max(len(line) for line in shown.partition("Proneness")[0].splitlines()) <= 120


def test_one_replicate_is_the_life_that_run_shows(tmp_path: Path) -> None:
    table = asked(tmp_path, "strategy=unlock", "replicates=1", "seed=5").set_index(["question", "quantity", "month"])
    months = run(load_scenario([*SHORT, "strategy=unlock"]), seed=5).months
    for row, month in ((0, 0), (-1, 4)):
        mean = months["customer_equity"][row] / months["customers"][row]
        assert table.loc[(1, "mean lifetime value of all", month), "truth"] == pytest.approx(mean, rel=1e-5)
        assert table.loc[(3, "number", month), "truth"] > 0
    assert table["truth_low"].isna().all()


def test_worlds_can_be_drawn(tmp_path: Path) -> None:
    table = asked(tmp_path, "replicates=4", "unknowns=prior", "months=1")
    known = asked(tmp_path, "replicates=4", "unknowns=default", "months=1")
    number = (table["question"] == 3) & (table["quantity"] == "number")
    assert (table["truth"] != known["truth"])[number].all()
    width = table["truth_high"] - table["truth_low"]
    assert (table["replicates"] == 4).all() and (width[table["question"] == 3] > 0).any()


def test_intervals_end_at_what_is_possible() -> None:
    keys = {"question": 1, "month": 0, "believed": math.nan}
    shares = [{**keys, "quantity": "x", "unit": "share", "truth": t, "world": w} for w, t in enumerate((0.0, 0.02))]
    money = [{**line, "quantity": "y", "unit": "$"} for line in shares]
    found = summarise(pd.DataFrame(shares + money)).set_index("quantity")
    half = 6.3138 * 0.01  # t with one degree of freedom
    assert found.loc["x", ["truth_low", "truth_high"]].tolist() == pytest.approx([0.0, 0.01 + half], rel=1e-4)
    assert found.loc["y", "truth_low"] == pytest.approx(0.01 - half, rel=1e-4)
    assert cell(found.loc["x"].to_dict(), "truth", 100, "%") == "1.00 [0, 7.31]"
    assert cell(found.loc["y"].to_dict(), "truth", 1, "$") == "0.01 +-0.06"
    assert cell(found.loc["x"].to_dict(), "believed", 100, "%") == "-"


def test_settings_it_starts_from() -> None:
    assert load_job("questions").settings.replicates == 8
    assert load_job("questions", ["replicates=32"]).settings.replicates == 32
    assert load_job("questions").settings.unknowns == "default" and load_job("compare").settings.replicates == 32


BAD = {
    "months=0": "months: must be at least 1",
    "replicates=0": "replicates: must be at least 1",
    "strategy=unlok": "strategy: unknown strategy; got 'unlok'; did you mean unlock",
    "strategies=[as_is]": "strategies: questions looks at one plan; got strategies=[as_is]; use ungridlock compare",
    "paper=2": "paper: questions looks at one plan",
    "market.shok=1": "market.shok: unknown name",
    "output=''": "output: must name a folder",
}


@pytest.mark.parametrize("word", BAD)
def test_bad_word_is_one_line(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "experiments.questions", ModuleType("experiments.questions"))
    monkeypatch.chdir(tmp_path)
    assert main(["questions", word]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and captured.err.startswith(BAD[word])
