"""How many points of a design describe a firm like the one that was observed."""

from __future__ import annotations

import numpy as np

from experiments.evaluation.settings import StudySettings
from experiments.evaluation.study import Study
from experiments.unknowns import stays_as_it_is

MOST = 400  # points looked at


def share_at_rest[S: StudySettings](study: Study[S]) -> float:
    """Share of points at which the unchanged organisation would stay as it is (`stays_as_it_is`).

    A design moves every parameter independently of the others, so it also visits firms that would have drifted away
    from the observed state by themselves.
    """
    rows = study.points.iloc[:: max(1, len(study.points) // MOST)].to_dict("records")
    points = [{str(name): value for name, value in row.items()} for row in rows]
    wanted = study.wanted
    return float(np.mean([stays_as_it_is(wanted.scenario_in(point, wanted.world(point, 0))) for point in points]))
