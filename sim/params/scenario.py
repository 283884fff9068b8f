"""One scenario: everything that decides a run, apart from the seed."""

from __future__ import annotations

from pydantic import model_validator

from sim.errors import InputError
from sim.params.behaviour import Behaviour
from sim.params.customers import CustomerResponse
from sim.params.field import Parameters, replace, whole
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
    months: int = whole(60, "months", (1, 600), "Months after the burn-in.")
    burn_in: int = whole(24, "months", (12, 240), "Months of the unchanged organisation before month 0.")

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


def sized(scenario: Scenario, customers: int) -> Scenario:
    """The same organisation with another number of customer agents, each standing for more or fewer customers."""
    spec = scenario.organisation.customers
    weight = spec.weight * spec.number / customers
    return replace(scenario, {"organisation.customers.number": customers, "organisation.customers.weight": weight})
