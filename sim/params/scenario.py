"""One scenario: everything that decides a run, apart from the seed."""

from __future__ import annotations

from pydantic import Field

from sim.params.behaviour import Behaviour
from sim.params.customers import CustomerResponse
from sim.params.field import Parameters
from sim.params.organisation import Organisation
from sim.params.programme import Programme
from sim.params.settings import Governance, Incentives, Leadership, Market, Norms
from sim.params.strategy import Strategy


class Scenario(Parameters):
    """An organisation in its market, a strategy, and how people and customers respond."""

    organisation: Organisation
    market: Market = Market()
    incentives: Incentives = Incentives()
    norms: Norms = Norms()
    leadership: Leadership = Leadership()
    governance: Governance = Governance()
    strategy: Strategy = Strategy()
    behaviour: Behaviour = Behaviour()
    customers: CustomerResponse = CustomerResponse()
    programme: Programme = Programme()
    months: int = Field(60, ge=1, le=600, description="Months after the burn-in.", json_schema_extra={"unit": "months"})
    burn_in: int = Field(
        24,
        ge=12,
        le=240,
        description="Months of the unchanged organisation before month 0.",
        json_schema_extra={"unit": "months"},
    )
