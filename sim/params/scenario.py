"""One scenario: everything that decides a run, apart from the seed."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.errors import InputError
from sim.params.behaviour import Behaviour
from sim.params.customers import CustomerResponse
from sim.params.field import Parameters
from sim.params.organisation import Organisation
from sim.params.programme import Programme
from sim.params.settings import Governance, Incentives, Leadership, Market, Norms
from sim.params.strategy import PILOTS, SEEN_POSTS, Strategy


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

    @model_validator(mode="after")
    def _names(self) -> Scenario:
        self.require_names(self.strategy)
        return self

    def require_names(self, strategy: Strategy) -> None:
        """Check that a plan names only units, leaders and channels that this organisation has.

        Raises:
            InputError: it names something else.
        """
        units, channels = tuple(self.organisation.silos), tuple(self.programme.activities.channels)
        leaders = (*units, PILOTS, *SEEN_POSTS)
        for field, known in (("rollout", units), ("leaders", leaders), ("channels", channels)):
            for name in getattr(strategy, field):
                if name not in known:
                    advice = f"choose from {', '.join(known)}"
                    raise InputError(f"strategy.{field}", "must name what the organisation has", name, advice)
