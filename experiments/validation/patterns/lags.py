"""What comes first: engagement or customers? Both, depending on where the change begins."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.evidence import Use
from experiments.validation.pattern import Claim, Curve, Mechanism, Pattern, Readings, Setting, jackknife
from experiments.validation.responses import engage, lines, mean_series, response, response_months
from sim.params.scenario import sized
from sim.params.strategy import Strategy
from sim.run import Variant, burn_in

CUSTOMERS, MONTHS = 24_000, 36
LIFT = 0.30  # of the scale of engagement: much, so that what follows stands out from luck
EASIER = 1.0  # logit of handling a contact


def once(setting: Setting) -> Readings:
    """Two lasting changes at month 0, each against the same life without it."""
    scenario = sized(setting.scenario(f"months={MONTHS}"), CUSTOMERS)
    origin = burn_in(scenario, setting.seed, setting.replicate)
    _, lifted = response(origin, ("engagement", "satisfaction"), change=lambda m: engage(m, LIFT))
    handling = scenario.customers.service.handling + EASIER
    easier = Variant("easier", Strategy(), changes=(("customers.service.handling", handling),))
    _, focus = response(origin, ("resolution", "engagement"), easier)
    return {
        "engagement": lifted["engagement"], "satisfaction": lifted["satisfaction"],
        "resolution": focus["resolution"], "meaning": focus["engagement"],
    }  # fmt: skip


def behind(readings: Sequence[Readings], later: str, earlier: str) -> float:
    """Months by which the mean response of one lags that of the other."""
    return response_months(mean_series(readings, later)) - response_months(mean_series(readings, earlier))


def customers_behind(readings: Sequence[Readings]) -> float:
    """Customers behind engagement."""
    return behind(readings, "satisfaction", "engagement")


def engagement_behind(readings: Sequence[Readings]) -> float:
    """Engagement behind what customers get."""
    return behind(readings, "meaning", "resolution")


def gained(readings: Sequence[Readings]) -> float:
    """Rise of engagement per ten points more of needs resolved at once, in points of 100, in the last year."""
    return 10 * float(mean_series(readings, "meaning")[-12:].mean() / mean_series(readings, "resolution")[-12:].mean())


def picture(readings: Sequence[Readings]) -> Curve:
    """Each response as a share of where it ends up."""
    names = {"customers": "satisfaction", "engagement": "meaning"}
    ends = {label: float(mean_series(readings, name)[-12:].mean()) for label, name in names.items()}
    mean, error = lines(readings, names, {label: 100 / end for label, end in ends.items()})
    return Curve(
        x=range(MONTHS + 1), published={}, simulated=mean, errors=error,
        x_label="months since the change (for customers: of engagement; for engagement: of what customers get)",
        y_label="% of the lasting response",
    )  # fmt: skip


PATTERN = Pattern(
    key="lags",
    question="Do customers follow engagement, and does engagement follow customer focus?",
    figures=("harter2002", "rucci1998"),
    use=Use.VALIDATION,
    published="Engagement runs ahead of customers, at Sears by about a quarter; where firms turn to their customers, "
    "engagement follows as work regains meaning through customers' recognition.",
    counterpart="Midwest Telecom without a programme, each time twice with the same luck. First everybody is thirty "
    "points of 100 more engaged from month 0 on; then contacts become easier to handle from month 0 on, so that "
    "customers get more of what they need. The lag is the difference between the mean response times of what follows "
    "and of what was changed; a cross-correlation of two lasting changes has its peak at the same sign.",
    once=once,
    claims=(
        Claim("customers", "customers' satisfaction behind engagement", 0.0, float("inf"), "months",
              jackknife(customers_behind), "sign only; the next claim judges the same number by its size", again=True),
        Claim("quarter", "the same lag in size", 1.5, 6.0, "months", jackknife(customers_behind),
              "published about 3 months; a factor of two either way"),
        Claim("engagement", "engagement behind needs resolved at once", 0.0, float("inf"), "months",
              jackknife(engagement_behind), "sign only"),
        Claim("meaning", "engagement per ten points more of needs resolved at once", 0.0, float("inf"),
              "points of 100", jackknife(gained), "sign only"),
    ),
    replicates=(8, 60),
    mechanism=Mechanism(
        "work regains meaning when customers are served well", {"behaviour.engagement.wins": 0.0}, "meaning",
        replicates=24,
    ),
    picture=picture,
)  # fmt: skip
