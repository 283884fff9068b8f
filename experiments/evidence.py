"""Published figures: what they say, where they come from, how they are known here and what they may be used for.

One record per figure; `docs/evidence.md` and `ungridlock validate` cite them by key. A figure either sets something
(calibration) or checks something (validation), never both: a source that serves both ways has two records.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Use(StrEnum):
    """What a figure may be used for."""

    CALIBRATION = "calibration"  # may set a parameter or a target of the unchanged organisation
    VALIDATION = "validation"  # may only be compared with what comes out
    EXACT = "exact test"  # arithmetic that the code must reproduce
    DATA = "data"  # real data for an example


class Known(StrEnum):
    """How a figure is known here."""

    SEEN = "seen"  # read in a public copy, often of a secondary source
    SECONDARY = "seen, secondary"  # read in accounts of the original only
    PART = "seen in part"  # some of it read, the rest recalled
    RECALLED = "recalled"  # known, not read again: grade what rests on it one step lower
    COMPUTED = "computed"  # follows by arithmetic
    OPENED = "opened"  # the data themselves were opened


class Figure(NamedTuple):
    """A published figure."""

    topic: str
    figure: str  # what it says, in our words
    sources: tuple[str, ...]  # keys of SOURCES
    known: Known
    use: Use
    note: str = ""  # what limits its use


SOURCES: dict[str, str] = {
    "arithmetic": "follows from the formula",
    "bliese2000": "Bliese, P. D. (2000): Within-group agreement, non-independence, and reliability. In Klein, K. J., "
    "Kozlowski, S. W. J. (eds): Multilevel Theory, Research, and Methods in Organizations. Jossey-Bass, 349-381",
    "cano2004": "Cano, C. R., Carrillat, F. A., Jaramillo, F. (2004): A meta-analysis of the relationship "
    "between market orientation and business performance: evidence from five continents. "
    "International Journal of Research in Marketing 21(2), 179-200",
    "carriers2007": "Quarterly and annual reports of US mobile carriers, 2006-2007",
    "cemm2009": "SAS, Peppers & Rogers Group (2009): Customer Experience Maturity Monitor",
    "ellis2006": "Ellis, P. D. (2006): Market orientation and performance: a meta-analysis and cross-national "
    "comparisons. Journal of Management Studies 43(5), 1089-1107",
    "fader_hardie2007": "Fader, P. S., Hardie, B. G. S. (2007): How to project customer retention. Journal of "
    "Interactive Marketing 21(1), 76-90",
    "fader_hardie_lee2005": 'Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005): "Counting your customers" the easy way:'
    " an alternative to the Pareto/NBD model. Marketing Science 24(2), 275-284",
    "gallup": "Gallup: US employee engagement, yearly figures 2020-2024; State of the Global Workplace "
    "(figures of 2024)",
    "gallup_manager": "Gallup (2015): State of the American Manager",
    "gallup_meta": "Gallup: Q12 meta-analyses, several editions",
    "gulati2009": "Gulati, R. (2009): Reorganize for Resilience. Harvard Business Press",
    "gupta2004": "Gupta, S., Lehmann, D. R., Stuart, J. A. (2004): Valuing customers. Journal of Marketing "
    "Research 41(1), 7-18",
    "harter2002": "Harter, J. K., Schmidt, F. L., Hayes, T. L. (2002): Business-unit-level relationship between "
    "employee satisfaction, employee engagement, and business outcomes: a meta-analysis. Journal "
    "of Applied Psychology 87(2), 268-279",
    "jolts2024": "US Bureau of Labor Statistics: Job Openings and Labor Turnover Survey, April 2024",
    "kirca2005": "Kirca, A. H., Jayachandran, S., Bearden, W. O. (2005): Market orientation: a meta-analytic "
    "review and assessment of its antecedents and impact on performance. Journal of Marketing "
    "69(2), 24-41",
    "lee2015": "Lee, J.-Y., Sridhar, S., Henderson, C. M., Palmatier, R. W. (2015): Effect of customer-"
    "centric structure on long-term financial performance. Marketing Science 34(2), 250-268; and "
    "an account of it in Harvard Business Review, 2015",
    "march1991": "March, J. G. (1991): Exploration and exploitation in organizational learning. Organization "
    "Science 2(1), 71-87",
    "quigley2007": "Quigley, N. R., Tesluk, P. E., Locke, E. A., Bartol, K. M. (2007): A multilevel investigation"
    " of the motivational mechanisms underlying knowledge sharing and performance. Organization "
    "Science 18(1), 71-88",
    "reichheld1990": "Reichheld, F. F., Sasser, W. E. (1990): Zero defections: quality comes to services. Harvard "
    "Business Review 68(5), 105-111",
    "repenning2001": "Repenning, N. P., Sterman, J. D. (2001): Nobody ever gets credit for fixing problems that "
    "never happened. California Management Review 43(4), 64-88",
    "rooke_torbert1998": "Rooke, D., Torbert, W. R. (1998): Organizational transformation as a function of CEO's "
    "developmental stage. Organization Development Journal 16(1), 11-28",
    "rooke_torbert2005": "Rooke, D., Torbert, W. R. (2005): Seven transformations of leadership. Harvard Business "
    "Review 83(4), 66-76",
    "rucci1998": "Rucci, A. J., Kirn, S. P., Quinn, R. T. (1998): The employee-customer-profit chain at Sears. "
    "Harvard Business Review 76(1), 82-97",
    "sqm": "SQM Group: benchmarks of first-contact resolution in call centres",
    "tarp": "Technical Assistance Research Programs (TARP): studies of complaint handling for the US "
    "Office of Consumer Affairs, 1979 and 1986, and later summaries",
    "vincent2015": "Vincent, N., Ward, L., Denson, L. (2015): Promoting post-conventional consciousness in "
    "leaders: Australian community leadership programs. The Leadership Quarterly 26(2), 238-253",
}


# Title, journal, volume and pages were compared with a public copy; the other citations were completed from memory.
CHECKED = frozenset({
    "cano2004", "ellis2006", "lee2015", "quigley2007", "repenning2001", "rooke_torbert1998", "vincent2015",
})  # fmt: skip


FIGURES: dict[str, Figure] = {
    "gupta2004": Figure(
        "customer value",
        "one per cent better retention, margin or acquisition cost raises customer value by about 5%, "
        "1% and 0.1% (over firms 3 to 7, about 1, 0.02 to 0.3); retention matters about five times as "
        "much as the discount rate",
        ("gupta2004",),
        Known.SEEN,
        Use.VALIDATION,
    ),
    "closed_form": Figure(
        "customer value",
        "value m r / (1 + i - r) has retention elasticity (1 + i) / (1 + i - r); at i = .12: 2.67 for "
        "r = .70, 3.50 for .80, 5.09 for .90, 6.59 for .95",
        ("arithmetic",),
        Known.COMPUTED,
        Use.EXACT,
    ),
    "fader_hardie2007": Figure(
        "retention by tenure",
        "share of two cohorts still there after 1 to 7 years: High-End 86.9, 74.3, 65.3, 59.3, 55.1, "
        "51.7, 49.1%; Regular 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1%; sBG fits alpha .668, beta "
        "3.806 and alpha .704, beta 1.182",
        ("fader_hardie2007",),
        Known.SEEN,
        Use.CALIBRATION,
        "fits computed again",
    ),
    "fader_hardie2007_later": Figure(
        "retention by tenure",
        "the same cohorts after 8 to 12 years: High-End 46.8, 44.5, 42.7, 40.9, 39.4%; Regular 22.3, "
        "20.7, 19.4, 18.3, 17.3%; the fit must stay within 2 points",
        ("fader_hardie2007",),
        Known.SEEN,
        Use.VALIDATION,
    ),
    "fader_hardie_lee2005": Figure(
        "purchases",
        "CDNOW, January 1997 to June 1998: 23,570 customers, 69,659 transactions; of the sample of "
        "2,357 customers 59.9% never buy again; the data come with the package lifetimes 0.11.3 (MIT)",
        ("fader_hardie_lee2005",),
        Known.OPENED,
        Use.DATA,
    ),
    "reichheld1990": Figure(
        "retention and profit",
        "five points fewer defections raise profit by 25 to 85%, depending on the industry",
        ("reichheld1990",),
        Known.PART,
        Use.VALIDATION,
        "loose",
    ),
    "rooke_torbert2005": Figure(
        "leader stages",
        "share of leaders from Opportunist to Alchemist: 5, 12, 38, 30, 10, 4, 1%",
        ("rooke_torbert2005",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "rooke_torbert1998": Figure(
        "leader stage and change",
        "ten organisations over 4.2 years on average: all five with a late-stage chief executive "
        "transformed (15 steps in all); the other five net 0: two unchanged, one back by three stages,"
        " two up by three between them; one-sided Fisher p = .083",
        ("rooke_torbert1998",),
        Known.SEEN,
        Use.VALIDATION,
        "direction only",
    ),
    "vincent2015": Figure(
        "leaders' development",
        "standard programmes move people within the conventional stages only; about ten months",
        ("vincent2015",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "gallup": Figure(
        "engagement",
        "engaged 31 to 36% in the US of 2020-24, 17% actively disengaged; world 2024: 21% engaged, 62%"
        " not, 17% actively disengaged; best organisations 70% engaged",
        ("gallup",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "bliese2000": Figure(
        "differences between units",
        "ICC(1), the share of variance between groups, usually lies between .05 and .20 in field studies",
        ("bliese2000",),
        Known.RECALLED,
        Use.CALIBRATION,
    ),
    "harter2002": Figure(
        "engagement across units",
        "correlations over 7,939 units: customers .33, productivity .25, profit .17, turnover -.30, "
        "composite .38; top against bottom quartile: customer metrics +10% in every edition",
        ("harter2002", "gallup_meta"),
        Known.SEEN,
        Use.VALIDATION,
    ),
    "gallup_manager": Figure(
        "manager effect",
        "the manager accounts for about 70% of the variance of engagement between units",
        ("gallup_manager",),
        Known.SEEN,
        Use.VALIDATION,
        "loose: a vendor's estimate",
    ),
    "rucci1998": Figure(
        "service-profit chain",
        "+5 in employees' attitude goes with +1.3 in customers' impression and +0.5% revenue growth, "
        "about a quarter year per step",
        ("rucci1998",),
        Known.SEEN,
        Use.VALIDATION,
        "the lag is recalled",
    ),
    "kirca2005": Figure(
        "market orientation",
        "correlation with performance .26 to .39 in seven meta-analyses, one of them .33",
        ("kirca2005", "cano2004", "ellis2006"),
        Known.PART,
        Use.VALIDATION,
        "a band; only signs were seen",
    ),
    "carriers2007": Figure(
        "monthly churn",
        "US mobile carriers 2006-07: 1.1-1.2, 1.7-1.9, 2.3-2.8, 2.6-3.0% a month; a turnaround from "
        "over 2% to 0.89% took most of a decade",
        ("carriers2007",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "sqm": Figure(
        "contact resolution",
        "first-contact resolution about 72% on average; customers who mean to leave: 5% if resolved "
        "the first time, 9% after two or more contacts, 25% if unresolved",
        ("sqm",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "tarp": Figure(
        "complaints reach the top",
        "about half of complaints reach the front line, 1 to 5% headquarters",
        ("tarp",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "jolts2024": Figure(
        "quits",
        "per month: all 2.2%, transport and utilities 2.0, information 1.2, finance 0.9, retail 2.8",
        ("jolts2024",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "lee2015": Figure(
        "reorganisation around customers",
        "37 large firms: performance -39% at first, +11% after ten quarters; less gain where rivals "
        "had done it; coordination costs rise",
        ("lee2015",),
        Known.SECONDARY,
        Use.VALIDATION,
        "signs and timing only",
    ),
    "quigley2007": Figure(
        "incentives and norms",
        "incentives for the group help more where norms of sharing are strong",
        ("quigley2007",),
        Known.SEEN,
        Use.VALIDATION,
        "sign only",
    ),
    "cemm2009": Figure(
        "customer experience maturity",
        "74% of 434 firms stand at levels 2 and 3 of 5",
        ("cemm2009",),
        Known.SEEN,
        Use.CALIBRATION,
    ),
    "cemm2009_advantage": Figure(
        "customer experience maturity",
        "outperform rivals: 81% of firms with strong capability, 60% of those with weak (odds ratio 2.8)",
        ("cemm2009",),
        Known.SEEN,
        Use.VALIDATION,
    ),
    "gulati2009": Figure(
        "staged rollout",
        "Best Buy's customer-centric stores stood 9 points above conventional ones",
        ("gulati2009",),
        Known.SEEN,
        Use.VALIDATION,
    ),
    "march1991": Figure(
        "learning in organisations",
        "slow learners with a fast code learn best; mixed learning rates beat equal ones",
        ("march1991",),
        Known.PART,
        Use.VALIDATION,
        "sign only, optional; patterns seen",
    ),
    "repenning2001": Figure(
        "worse before better",
        "improvement costs output first; under pressure firms fall into a capability trap",
        ("repenning2001",),
        Known.SEEN,
        Use.VALIDATION,
        "sign only",
    ),
}


# Words by which the source of a parameter names a publication.
LABELS: dict[str, str] = {
    "bliese2000": "Bliese 2000",
    "cano2004": "Cano, Carrillat, Jaramillo 2004",
    "carriers2007": "US carriers 2006-07",
    "cemm2009": "SAS, Peppers and Rogers 2009",
    "ellis2006": "Ellis 2006",
    "fader_hardie2007": "Fader, Hardie 2007",
    "fader_hardie_lee2005": "Fader, Hardie, Lee 2005",
    "gallup": "Gallup",
    "gallup_manager": "Gallup 2015",
    "gallup_meta": "Gallup meta-analyses",
    "gulati2009": "Gulati 2009",
    "gupta2004": "Gupta, Lehmann, Stuart 2004",
    "harter2002": "Harter, Schmidt, Hayes 2002",
    "jolts2024": "JOLTS",
    "kirca2005": "Kirca, Jayachandran, Bearden 2005",
    "lee2015": "Lee, Sridhar, Henderson, Palmatier 2015",
    "march1991": "March 1991",
    "quigley2007": "Quigley, Tesluk, Locke, Bartol 2007",
    "reichheld1990": "Reichheld, Sasser 1990",
    "repenning2001": "Repenning, Sterman 2001",
    "rooke_torbert1998": "Rooke, Torbert 1998",
    "rooke_torbert2005": "Rooke, Torbert 2005",
    "rucci1998": "Rucci, Kirn, Quinn 1998",
    "sqm": "SQM",
    "tarp": "TARP",
    "vincent2015": "Vincent, Ward, Denson 2015",
}
