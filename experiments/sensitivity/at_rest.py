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
    world = study.wanted.world(0)
    points = [{str(name): value for name, value in row.items()} for row in rows]
    return float(np.mean([stays_as_it_is(study.wanted.scenario_in(point, world)) for point in points]))
