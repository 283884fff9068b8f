"""The benchmark made anew from simulated firms, in the format of the shipped one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.survey.benchmark import ORIGIN, PLACED, TABLE
from experiments.survey.distributions import INDUSTRY, fingerprint
from experiments.survey.settings import SurveySettings
from sim.version import provenance

PERCENTILES = np.arange(101)


def percentiles(firms: pd.DataFrame) -> pd.DataFrame:
    """One row per percentile, one column per index."""
    columns = {name: np.percentile(firms[name], PERCENTILES) for name in PLACED}
    return pd.DataFrame({"percentile": PERCENTILES, **columns})


def origin_of(firms: pd.DataFrame, settings: SurveySettings) -> dict[str, Any]:
    """Where a benchmark comes from."""
    return {
        "command": f"ungridlock survey firms={settings.firms} months={settings.months} usual={settings.usual} "
        f"seed={settings.seed}",
        "firms": len(firms),
        "seed": settings.seed,
        "months": settings.months,
        "usual": str(settings.usual),
        "version": provenance(settings.seed),
        "date": datetime.now(UTC).date().isoformat(),
        "distributions": list(INDUSTRY),
        "fingerprint": fingerprint(),
    }


def write_benchmark(folder: Path, table: pd.DataFrame, origin: Mapping[str, Any]) -> None:
    """Write table and origin in the format of the shipped ones."""
    table.to_csv(folder / TABLE, index=False, float_format="%.6g", lineterminator="\n")
    (folder / ORIGIN).write_text(json.dumps(origin, indent=2) + "\n", encoding="utf-8")
