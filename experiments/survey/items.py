"""Items of the published instrument next to their counterparts among the model's signals.

The counterparts are those that `sim.measures.maturity` names beside its signals. A firm is good or excellent on an item
from 3.5 on the scale 1-5; that cut was fixed before any share was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from experiments.survey.findings import share, worlds_of
from experiments.survey.scale import is_good

SETS, GUIDES, OPEN = "sets the start", "guides the start", "not used"


@dataclass(frozen=True)
class Item:
    """A published item.

    Args:
        text: the item in a few words.
        published: per cent of 434 firms that are good or excellent.
        signal: its counterpart; "" if it has none that is honest.
        role: whether the published share was an input; without a counterpart, what is missing.
    """

    text: str
    published: float
    signal: str
    role: str


ITEMS = (
    Item("customer orientation (mean of 75, 66, 69)", 70, "orientation", GUIDES),
    Item("treats customers differently", 62, "differently", SETS),
    Item("satisfaction as KPI", 52, "seen", SETS),
    Item("profitability of customers known", 42, "value_known", OPEN),
    Item("predicts purchase or churn", 38, "scored", GUIDES),
    Item("inbound insight", 32, "used", SETS),
    Item("complete or current view", 30, "connected", SETS),
    Item("keeps profiles current", 29, "current", GUIDES),
    Item("aligns incentives with customer metrics", 29, "paid_for_customers", SETS),
    Item("capturing needs", 28, "captured", SETS),
    Item("outbound orchestration", 26, "orchestrated", SETS),
    Item("triggers", 20, "watched", SETS),
    Item("changes interactions when the profile changes", 19, "acts", OPEN),
    Item("customer metrics for the organisation", 38, "", "only pay is in the model; sets the distribution of pay"),
    Item("customer metrics for employees", 28, "", "only pay is in the model, see incentives"),
    Item("treatment tracks", 17, "", "no sequence of treatments in the model"),
    Item("real-time interaction", 16, "", "a month is the shortest time in the model"),
    Item("loyalty programmes", 35, "", "none in the model"),
    Item("campaign return on investment", 38, "", "no campaigns in the model"),
    Item("mix return on investment", 29, "", "no media mix in the model"),
)
SIGNALS = tuple(dict.fromkeys(item.signal for item in ITEMS if item.signal))


def item_table(firms: pd.DataFrame) -> pd.DataFrame:
    """Columns item, signal, role, published, simulated, standard_error (per cent of firms), firms."""
    rows = []
    for item in ITEMS:
        row = {"item": item.text, "signal": item.signal, "role": item.role, "published": item.published}
        if item.signal:
            found = share(firms[f"signal_{item.signal}"].map(is_good), worlds_of(firms))
            row |= {"simulated": 100 * found.value, "standard_error": 100 * found.error, "firms": len(firms)}
        rows.append(row)
    return pd.DataFrame(rows)
