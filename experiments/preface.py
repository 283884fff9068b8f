"""What is said before anything runs: which company is simulated, and what lies beyond the horizon."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from experiments.headline import label, listing
from experiments.terminal import WIDTH
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy


def company_line(scenario: Scenario) -> str:
    """Employees and customers, in reality and as agents; customers at the start are the expected number."""
    staff, base = scenario.organisation.employees, scenario.organisation.customers
    market, customers = base.number * base.weight, base.number * base.occupied
    return (
        f"{scenario.organisation.name}: {staff.number * staff.weight:,.0f} employees ({staff.number:,} agents x "
        f"{staff.weight:g}), {customers * base.weight:,.0f} customers ({customers:,.0f} agents x {base.weight:g}; "
        f"market of {market:,.0f})."
    )


def beyond_horizon(scenario: Scenario, plans: Mapping[str, Strategy]) -> list[str]:
    """A warning for every plan with launches, and for an attack, that the horizon ends before.

    Args:
        scenario: horizon and market.
        plans: key -> plan.
    """
    months, attack = scenario.months, scenario.market.shock_month
    ends = f"the horizon of {months} months ends before"
    lines = []
    for key, plan in plans.items():
        late = [f"{name.replace('_', ' ')} (month {at})" for name, at in plan.initiatives.items() if at >= months]
        if late:
            lines.append(f"WARNING: {label(key)}: {ends} the launch of {listing(late)}")
    if attack >= months:
        lines.append(f"WARNING: {ends} the competitor's attack (market.shock_month {attack})")
    return lines


def preface(scenario: Scenario, plans: Mapping[str, Strategy]) -> str:
    """The company, then warnings, as wide as a terminal."""
    lines = [company_line(scenario), *beyond_horizon(scenario, plans)]
    return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines) + "\n"
