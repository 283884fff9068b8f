"""Compile every rule on a toy organisation, so that workers find compiled copies."""

from __future__ import annotations

from sim.params.organisation import Customers, Employees, Function, Organisation, Segment, Silo, Trait
from sim.params.scenario import Scenario
from sim.params.strategy import INITIATIVES, Strategy, Unlock
from sim.run import run


def toy_scenario(strategy: Strategy | None = None, months: int = 2) -> Scenario:
    """Two units, twenty employees, two hundred customers: enough to pass through every rule."""
    silos = {
        "product": Silo(function=Function.PRODUCT, headcount_share=0.6, home_share=1.0, front_line_share=0.5),
        "support": Silo(function=Function.SUPPORT, headcount_share=0.4, front_line_share=0.0),
    }
    organisation = Organisation(
        name="toy", silos=silos, employees=Employees(number=20),
        customers=Customers(number=200, segments={"contract": Segment(share=0.4), "prepaid": Segment(share=0.6)}),
        traits={"silos": Trait(strength=0.5, signs={INITIATIVES[0]: 0.5})},
    )  # fmt: skip
    return Scenario(organisation=organisation, strategy=strategy or Strategy(), months=months, burn_in=12)


def warm_up() -> None:
    """Run the toy with everything switched on."""
    everything = Strategy(initiatives=dict.fromkeys(INITIATIVES, 0), unlock=Unlock(negotiate=1), moments_per_year=12)
    run(toy_scenario(everything))
