"""State columns as Mesa agents. Every test takes a model from `MODELS` and reads what it expects from the columns."""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.agentset import AbstractAgentSet, AgentSet

from sim import columns
from sim.agents import ColumnAgent, ColumnAgents, ColumnAgentSet, Customer, Employee, Leader, Silo
from sim.errors import InputError
from sim.params.strategy import INITIATIVES

SILOS = ("wireless", "cable", "service")
TYPES = {"F32": np.float32, "F64": np.float64, "I8": np.int8, "I32": np.int32}
WIDTHS = {"adoption": 8, "trying": 8, "formal": 8, "practised": 8, "traits": 2, "chain": 5, "behaviours": 5}


def table(kind: Any, n: int, rng: np.random.Generator) -> Any:
    """Columns of the declared types: numbers between 0 and 1, zeros where whole numbers are asked for."""
    found = {}
    for name, declared in kind.__annotations__.items():
        dtype = TYPES[getattr(declared, "__forward_arg__", declared)]
        shape = (n, WIDTHS[name]) if name in WIDTHS else (n,)
        found[name] = rng.random(shape).astype(dtype)
    return kind(**found)


class ColumnsOnly(ColumnAgents, mesa.Model):
    """Columns in a Mesa model, and a month in which one customer leaves, one joins and one employee is replaced."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(rng=seed)
        rng = np.random.default_rng(seed)
        self.silo_names, self.trait_names, self.segment_names = SILOS, ("thrift", "pride"), ("high", "regular")
        self.state = SimpleNamespace(
            customers=table(columns.Customers, 200, rng),
            employees=table(columns.Employees, 30, rng),
            silos=table(columns.Silos, len(SILOS), rng),
            leaders=table(columns.Leaders, len(SILOS) + 3, rng),
        )
        self.state.customers.alive[rng.permutation(200)[:140]] = 1
        self.state.customers.segment[::3] = 1
        self.state.employees.silo[:] = np.arange(30) // 10
        self.state.employees.role[:] = np.arange(30) % 4
        self.state.leaders.stage[:] = [0, 1.4, 1.5, 3, 5.7, 6]

    def step(self) -> None:
        customers, employees = self.state.customers, self.state.employees
        customers.alive[np.flatnonzero(customers.alive)[0]] = 0
        joined = np.flatnonzero(customers.alive == 0)[-1]
        customers.alive[joined] = 1
        customers.generation[joined] += 1
        employees.generation[0] += 1
        employees.belief[:] = np.minimum(employees.belief + 0.01, 1)


MODELS: dict[str, Callable[[], Any]] = {"columns only": ColumnsOnly}


@pytest.fixture(params=list(MODELS))
def model(request: pytest.FixtureRequest) -> Any:
    return MODELS[request.param]()


@pytest.fixture
def customers(model: Any) -> Any:
    return model.agents_by_type[Customer]


@pytest.fixture
def employees(model: Any) -> Any:
    return model.agents_by_type[Employee]


def occupied(model: Any) -> np.ndarray:
    return np.flatnonzero(model.state.customers.alive)


# --- the register


def test_every_column_is_declared_and_documented() -> None:
    pairs = [
        (Customer, columns.Customers), (Employee, columns.Employees), (Silo, columns.Silos), (Leader, columns.Leaders),
    ]  # fmt: skip
    for kind, declared in pairs:
        for name in declared._fields:
            assert kind.cell(name) is not None, f"{kind.__name__}.{name}"
            assert kind.cell(name).__doc__


def test_nothing_is_built_before_it_is_asked_for(model: Any) -> None:
    assert "_kept_agents" not in model.__dict__
    len(model.agents), model.agents_by_type[Employee].agg("belief", np.mean)
    assert not model.kept_agents
    assert len(model._all_agents) == 0


def test_agents_are_counted_by_type_without_prospects(model: Any) -> None:
    state = model.state
    counts = {Silo: len(state.silos[0]), Leader: len(state.leaders[0]), Employee: len(state.employees[0])}
    counts[Customer] = len(occupied(model))
    assert {kind: len(found) for kind, found in model.agents_by_type.items()} == counts
    assert model.agent_types == list(counts)
    assert len(model.agents) == len(list(model.agents)) == sum(counts.values())
    assert [agent.row for agent in model.agents_by_type[Customer]] == occupied(model).tolist()


def test_agents_are_mesa_agents_in_a_mesa_set(model: Any) -> None:
    assert isinstance(model.agents, AbstractAgentSet)
    assert all(isinstance(agent, mesa.Agent) and agent.model is model for agent in model.agents)
    assert model.agents[0].random is model.random


def test_unique_ids_are_unique_also_over_time(model: Any) -> None:
    before = {agent.unique_id: (type(agent), agent.row) for agent in model.agents}
    assert len(before) == len(model.agents)
    row = int(occupied(model)[0])
    model.state.customers.generation[row] += 1
    newcomer = Customer(model, row)
    assert newcomer.unique_id not in before
    assert model.agent(newcomer.unique_id) == newcomer
    assert model.agents.get("unique_id") == [agent.unique_id for agent in model.agents]


def test_employees_are_one_object_and_customers_equal_views(model: Any, employees: Any, customers: Any) -> None:
    assert employees[3] is employees[3]
    employees[3].remark = "keen"
    assert model.agents_by_type[Employee].to_list()[3].remark == "keen"
    assert customers[3] is not customers[3]
    assert customers[3] == customers[3]
    assert len({customers[3], customers[3]}) == 1
    assert customers[3] != customers[4]


def test_other_mesa_agents_may_be_registered(model: Any) -> None:
    class Regulator(mesa.Agent):
        fine = 7

    regulator = Regulator(model)
    assert regulator in model.agents
    assert model.agents[-1] is regulator
    assert regulator in model.agents.select(agent_type=Regulator)
    assert model.agents_by_type[Regulator].agg("fine", sum) == 7
    mixed = model.agents.select(lambda agent: agent is regulator or agent.row == 0)
    assert mixed.get("fine", "default", 0) == [0] * (len(mixed) - 1) + [7]
    regulator.remove()
    assert regulator not in model.agents
    assert len(mixed.select(agent_type=Regulator)) == 0


def test_an_unknown_number_is_refused(model: Any) -> None:
    prospect = int(np.flatnonzero(model.state.customers.alive == 0)[0])
    for number in (0, Customer.first_id + prospect):
        with pytest.raises(InputError, match="no agent of the model has it"):
            model.agent(number)
    with pytest.raises(InputError, match="nobody is in this row"):
        Customer(model, prospect)
    with pytest.raises(InputError, match="fixed length"):
        Employee.create_agents(model, 3)


# --- attributes


def test_reading_and_writing_goes_to_the_row(model: Any, customers: Any, employees: Any) -> None:
    customer, employee = customers[5], employees[7]
    assert customer.satisfaction == model.state.customers.satisfaction[customer.row]
    customer.satisfaction = 0.25
    assert model.state.customers.satisfaction[occupied(model)[5]] == 0.25
    employee.belief = np.float32(0.5)
    assert model.state.employees.belief[7] == 0.5
    assert type(employee.belief) is float
    assert type(employee.tenure) is int


def test_agents_follow_a_replaced_state(model: Any, employees: Any) -> None:
    employee = employees[0]
    model.state = copy.deepcopy(model.state)
    model.state.employees.belief[0] = 0.125
    assert employee.belief == 0.125
    assert employees.agg("belief", min) == model.state.employees.belief.min()


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), float("inf"), "much", None])
def test_values_out_of_range_are_refused(employees: Any, value: Any) -> None:
    before = employees[0].belief
    for attempt in (lambda: setattr(employees[0], "belief", value), lambda: employees.set("belief", value)):
        with pytest.raises(InputError, match=r"^employee\.belief: must"):
            attempt()
    assert employees[0].belief == before


def test_whole_numbers_stay_whole(employees: Any, customers: Any) -> None:
    with pytest.raises(InputError, match="whole number"):
        employees[0].tenure = 2.5
    with pytest.raises(InputError, match="between 0 and 127"):
        customers[0].failures = 128
    employees[0].shares = True
    assert employees[0].shares == 1


def test_structure_is_read_only(customers: Any, employees: Any) -> None:
    for agent, name in ((customers[0], "alive"), (customers[0], "owner"), (employees[0], "silo")):
        with pytest.raises(AttributeError, match="read-only"):
            setattr(agent, name, 0)
    with pytest.raises(AttributeError):
        employees[0].silo_name = "cable"
    with pytest.raises(AttributeError):
        employees.set("silo_name", "cable")


def test_a_view_takes_no_further_attributes(customers: Any) -> None:
    with pytest.raises(AttributeError, match="no further attributes"):
        customers[0].satisfacton = 1
    with pytest.raises(AttributeError, match="cannot be set"):
        customers.set("satisfacton", 1)


def test_names(model: Any) -> None:
    by_type = model.agents_by_type
    names = list(model.silo_names)
    assert [silo.name for silo in by_type[Silo]] == names
    assert by_type[Employee].get("silo_name") == [names[s] for s in model.state.employees.silo]
    assert by_type[Employee].get("role_name") == [columns.ROLES[r] for r in model.state.employees.role]
    assert by_type[Leader][-3].title == "chief executive"
    assert by_type[Leader][0].title == f"leader of {names[0]}"
    assert all(customer.home_name in names and customer.is_active for customer in by_type[Customer])


@pytest.mark.parametrize(("stage", "name"), [
    (0, "opportunist"), (1.4, "diplomat"), (1.5, "expert"), (3, "achiever"), (5.7, "alchemist"), (6, "alchemist"),
])  # fmt: skip
def test_action_logic_is_the_nearest_stage(model: Any, stage: float, name: str) -> None:
    leader = model.agents_by_type[Leader][0]
    leader.stage = stage
    assert leader.action_logic == name


def test_adoption_reads_and_writes_by_name(model: Any, employees: Any) -> None:
    employee = employees[2]
    model.state.employees.adoption[2] = [0, 1, 2, 3, 0, 0, 0, 0]
    assert employee.adoption["portfolio_governance"] == "unaware"
    assert list(employee.adoption) == list(INITIATIVES)
    assert list(employee.adoption.values())[:4] == ["unaware", "aware", "trying", "practising"]
    employee.adoption = {"portfolio_governance": "trying"}
    assert model.state.employees.adoption[2].tolist() == [0, 1, 2, 3, 2, 0, 0, 0]
    employees.set("adoption", {"culture_programme": 1})
    assert (model.state.employees.adoption[:, 7] == 1).all()


def test_a_row_of_named_values_is_a_copy(model: Any) -> None:
    silo = model.agents_by_type[Silo][1]
    values = silo.formal
    with pytest.raises(TypeError, match="assign instead"):
        values["insight_system"] = 1
    with pytest.raises(TypeError, match="assign instead"):
        values.update(insight_system=1)
    for twin in (copy.deepcopy(values), copy.copy(values), pickle.loads(pickle.dumps(values))):
        assert twin == values
        assert type(twin) is dict
    assert list(silo.traits) == list(model.trait_names)


def test_bad_names_and_states_are_refused(employees: Any) -> None:
    with pytest.raises(InputError, match=r"employee\.adoption: unknown name"):
        employees[0].adoption = {"insight": "aware"}
    with pytest.raises(InputError, match=r"employee\.adoption: unknown state"):
        employees[0].adoption = {"insight_system": "keen"}
    with pytest.raises(InputError, match=r"employee\.adoption\.insight_system: must lie between 0 and 3"):
        employees[0].adoption = {"insight_system": 4}
    with pytest.raises(InputError, match="must be a mapping"):
        employees[0].adoption = 3


# --- coming and going


def test_leavers_and_joiners(model: Any, customers: Any) -> None:
    first, rest = customers[0], customers.select(at_most=3)
    model.state.customers.alive[first.row] = 0
    assert not first.is_active
    assert first not in customers
    assert first not in rest
    assert len(rest) == 2
    model.state.customers.alive[first.row] = 1
    model.state.customers.generation[first.row] += 1
    assert len(rest) == 2
    assert customers[0] != first
    for attempt in (lambda: first.trust, lambda: setattr(first, "trust", 0.5)):
        with pytest.raises(InputError, match="another agent has taken the row"):
            attempt()
    assert first.unique_id < customers[0].unique_id


def test_a_new_employee_is_another_agent(model: Any, employees: Any) -> None:
    leaver = employees[4]
    model.state.employees.generation[4] += 1
    assert employees[4] is not leaver
    assert employees[4].is_active
    assert not leaver.is_active
    assert len(employees) == len(model.state.employees[0])


def test_leavers_are_let_go(model: Any, employees: Any) -> None:
    for _ in range(5):
        list(employees)
        model.state.employees.generation[:] += 1
    total = sum(len(t[0]) for t in (model.state.employees, model.state.silos, model.state.leaders))
    assert len(model.kept_agents) <= 2 * total


def test_a_copied_model_has_agents_of_its_own(model: Any, employees: Any) -> None:
    list(employees)
    twin = copy.copy(model)
    assert twin.agents_by_type[Employee][0].model is twin
    assert model.agents_by_type[Employee][0].model is model


def test_agents_cannot_be_removed_by_hand(model: Any, customers: Any) -> None:
    for agent in (customers[0], model.agents_by_type[Employee][0]):
        with pytest.raises(InputError, match="leave by the rules"):
            agent.remove()
    for change in (lambda: customers.remove(customers[0]), lambda: customers.shuffle(inplace=True), customers.clear):
        with pytest.raises(InputError, match="change a copy"):
            change()


# --- sets


def test_indexing(customers: Any) -> None:
    found = customers.to_list()
    assert customers[-1] == found[-1]
    assert customers[2:5] == found[2:5]
    for position in (len(found), -len(found) - 1):
        with pytest.raises(IndexError, match="there is none at position"):
            customers[position]


def test_select(model: Any, customers: Any) -> None:
    satisfaction = model.state.customers.satisfaction
    rows = occupied(model)
    unhappy = customers.select(lambda customer: customer.satisfaction < 0.3)
    assert unhappy.get("row") == rows[satisfaction[rows] < np.float32(0.3)].tolist()
    assert list(customers.where("satisfaction", lambda s: s < 0.3)) == list(unhappy)
    assert len(customers.select(at_most=0.5)) == len(rows) // 2
    assert len(customers.select(at_most=4)) == 4
    assert customers.select(lambda c: c.row > rows[3], at_most=2).get("row") == rows[4:6].tolist()
    assert list(model.agents.select(agent_type=Employee)) == list(model.agents_by_type[Employee])
    assert len(model.agents.select(agent_type=ColumnAgent)) == len(model.agents)
    assert model.agents.select(lambda a: a.row == 0, agent_type=Leader).get("row") == [0]
    chosen = customers.copy()
    assert chosen.select(at_most=2, inplace=True) is chosen
    assert len(chosen) == 2


def test_agg_reads_the_column_in_64_bits(model: Any, customers: Any, employees: Any) -> None:
    expected = model.state.customers.satisfaction[occupied(model)].astype(float)
    assert customers.agg("satisfaction", np.mean) == expected.mean()
    assert customers.agg("satisfaction", [min, max]) == [expected.min(), expected.max()]
    model.state.employees.shares[:] = 127
    assert employees.agg("shares", sum) == 127 * len(employees)
    assert employees.agg("silo_name", len) == len(employees)
    both = model.agents.select(lambda a: isinstance(a, Employee | Leader))
    assert both.agg("belief", np.sum) == pytest.approx(
        model.state.employees.belief.sum() + model.state.leaders.belief.sum()
    )


def test_get(model: Any, employees: Any) -> None:
    beliefs = model.state.employees.belief.tolist()
    assert employees.get("belief") == beliefs
    expected = [[b, model.silo_names[s]] for b, s in zip(beliefs, model.state.employees.silo, strict=True)]
    assert employees.get(["belief", "silo_name"]) == expected
    with pytest.raises(AttributeError):
        employees.get("satisfaction")
    with pytest.raises(AttributeError):
        model.agents.get("belief")
    assert employees.get("satisfaction", "default", -1) == [-1] * len(employees)
    found = model.agents.get("belief", handle_missing="default")
    assert found == [getattr(agent, "belief", None) for agent in model.agents]
    assert [type(v) for v in found if v is not None] == [float] * (len(employees) + len(model.state.leaders[0]))
    assert employees.get("adoption")[0] == employees[0].adoption


def test_set(model: Any, customers: Any) -> None:
    customers.select(at_most=3).set("trust", 0.125)
    rows = occupied(model)
    assert (model.state.customers.trust[rows[:3]] == 0.125).all()
    assert (model.state.customers.trust[rows[3:]] != 0.125).all()
    before = model.state.employees.belief.copy()
    with pytest.raises(AttributeError):
        model.agents.set("belief", 0.5)
    assert (model.state.employees.belief == before).all()


def test_do_and_map(model: Any, employees: Any) -> None:
    def doubt(agent: Any, loss: float) -> None:
        agent.belief = max(agent.belief - loss, 0)

    expected = np.maximum(model.state.employees.belief - 0.1, 0)
    assert employees.do(doubt, loss=0.1) is employees
    assert model.state.employees.belief == pytest.approx(expected)
    assert employees.map(lambda agent, add: agent.row + add, 1)[:2] == [1, 2]
    assert employees.do("step") is employees
    seen: list[int] = []
    employees.shuffle_do(lambda agent: seen.append(agent.row))
    assert seen != sorted(seen)
    assert sorted(seen) == employees.get("row")


def test_shuffle_and_sort(model: Any, customers: Any) -> None:
    rows = occupied(model).tolist()
    model.random.seed(3)
    shuffled = customers.shuffle()
    model.random.seed(3)
    assert customers.shuffle().get("row") == shuffled.get("row") != rows
    assert sorted(shuffled.get("row")) == rows
    assert sorted(model.agents.shuffle().get("unique_id")) == sorted(model.agents.get("unique_id"))
    objects = customers.to_list()
    mesa_set = AgentSet(objects, random=random.Random(1))
    for key in ("satisfaction", "segment", "home_name", lambda customer: -customer.trust):
        for ascending in (True, False):
            ours, theirs = customers.sort(key, ascending=ascending), mesa_set.sort(key, ascending=ascending)
            assert list(ours) == list(theirs)


@pytest.mark.parametrize("by", ["silo", "silo_name", lambda employee: employee.role > 1])
def test_groupby_is_as_in_mesa(employees: Any, by: Any) -> None:
    ours, theirs = employees.groupby(by), AgentSet(employees.to_list(), random=random.Random(1)).groupby(by)
    assert ours.count() == theirs.count()
    assert list(ours.groups) == list(theirs.groups)
    assert {k: list(v) for k, v in ours} == {k: list(v) for k, v in theirs}
    assert ours.agg("belief", np.mean) == pytest.approx(theirs.agg("belief", np.mean))
    assert all(isinstance(group, ColumnAgentSet) for _, group in ours)
    assert {k: len(v) for k, v in employees.groupby(by, result_type="list")} == ours.count()


def test_set_algebra(model: Any, employees: Any) -> None:
    some, others = employees.select(at_most=5), employees.select(lambda e: e.row >= 3)
    assert (some & others).get("row") == [3, 4]
    assert (some - others).get("row") == [0, 1, 2]
    assert len(some | others) == len(employees)
    some.add(employees[9])
    some.discard(employees[0])
    some.discard(employees[0])
    assert some.get("row") == [1, 2, 3, 4, 9]
    with pytest.raises(KeyError):
        some.remove(employees[0])
    with pytest.raises(InputError, match="another model"):
        some.add(type(model)().agents[0])


def test_empty_sets(model: Any, customers: Any) -> None:
    model.state.customers.alive[:] = 0
    nobody = customers.select(lambda c: True)
    for found in (customers, nobody, nobody - nobody):
        assert len(found) == 0
        assert list(found) == found.to_list() == found.get("trust") == []
        assert found.get(["trust", "error"]) == []
        assert found.groupby("segment").count() == {}
        assert list(found.shuffle()) == list(found.sort("trust")) == []
        assert customers not in found


# --- Mesa around it


def test_stepping_and_collecting(model: Any) -> None:
    collector = mesa.DataCollector(
        model_reporters={"customers": lambda m: len(m.agents_by_type[Customer]),
                         "belief": lambda m: m.agents_by_type[Employee].agg("belief", np.mean)},
        agent_reporters={"row": "row", "belief": lambda a: getattr(a, "belief", None)},
        agenttype_reporters={Customer: {"trust": "trust"}, Employee: {"adoption": "adoption", "silo": "silo_name"}},
    )  # fmt: skip
    collector.collect(model)
    total, customers = len(model.agents), len(occupied(model))
    model.step()
    collector.collect(model)
    model.run_for(2)
    assert model.time == 3
    found = collector.get_model_vars_dataframe()
    assert found["customers"][0] == customers
    assert len(found) == 2
    agents = collector.get_agent_vars_dataframe()
    assert len(agents.loc[0]) == total
    assert agents.index.is_unique
    trust = collector.get_agenttype_vars_dataframe(Customer)
    assert len(trust.loc[0]) == customers
    assert set(trust.index.get_level_values("AgentID")) <= set(agents.index.get_level_values("AgentID"))
    staff = collector.get_agenttype_vars_dataframe(Employee)
    assert type(staff["adoption"].iloc[0]) is dict
    assert set(staff["silo"]) <= set(model.silo_names)


def test_watching_changes_nothing() -> None:
    watched, alone = ColumnsOnly(), ColumnsOnly()
    for _ in range(3):
        watched.agents.get("unique_id"), watched.agents.shuffle(), list(watched.agents)
        watched.step()
        alone.step()
    for name in ("customers", "employees", "silos", "leaders"):
        for one, two in zip(getattr(watched.state, name), getattr(alone.state, name), strict=True):
            assert (one == two).all()


def test_a_market_of_millions_is_shown_without_objects() -> None:
    model = ColumnsOnly()
    model.state.customers = table(columns.Customers, 1_000_000, np.random.default_rng(1))
    model.state.customers.alive[::2] = 1
    customers = model.agents_by_type[Customer]
    assert len(customers) == 500_000
    assert customers.agg("wallet", np.mean) == model.state.customers.wallet[::2].astype(float).mean()
    assert customers[-1].row == 999_998
    assert [customer.row for customer in customers.select(lambda c: c.row > 10, at_most=2)] == [12, 14]
