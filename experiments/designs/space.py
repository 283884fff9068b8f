"""The parameter space of a job: which dotted names can be varied, and what a point of it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from experiments.complaints import Brief, InputErrors, complaints, did_you_mean, unknown_name
from experiments.configuration import GROUPS
from experiments.settings import RunSettings
from experiments.unknowns import ranges
from sim.errors import InputError
from sim.params.field import extras, replace, walk
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy

PLAN = "strategy."  # names below this one change every plan


class Space:
    """Scenarios around a base one.

    Args:
        scenario: the base.
        strategies: plans by key.
        settings: says what is uncertain.
        compose: the scenario when entries of groups are chosen, by group.
        entries: names of the entries of a group.
    """

    def __init__(
        self, scenario: Scenario, strategies: Mapping[str, Strategy], settings: RunSettings,
        compose: Callable[[dict[str, str]], Scenario], entries: Callable[[str], list[str]],
    ) -> None:  # fmt: skip
        """Look up names and ranges."""
        self.scenario, self.strategies, self.settings = scenario, dict(strategies), settings
        self._compose, self._entries = compose, entries
        self._bases: dict[tuple[tuple[str, str], ...], Scenario] = {(): scenario}
        self._fields = {name: field for name, field, _ in walk(scenario)}
        uncertain = settings.model_copy(update={"unknowns": "prior"})
        self._priors = {**ranges(scenario, uncertain), **ranges(scenario, settings)}

    @property
    def uncertain(self) -> list[str]:
        """Parameters with a range over which they are uncertain."""
        return list(self._priors)

    def require(self, name: str, given: object) -> None:
        """Check that a name can be varied.

        Raises:
            InputError: it cannot.
        """
        shown = f"vary.{name}"
        if name in GROUPS:
            if name in ("strategy", "compute"):
                raise InputError(shown, "cannot be varied", Brief(given), "name several plans in strategies=[...]")
            known = self._entries(name)
            for entry in given if isinstance(given, list | tuple) else [given]:
                if entry not in known:
                    advice = did_you_mean(str(entry), known, f"choose from {', '.join(known)}")
                    raise InputError(shown, f"unknown {name}", entry, advice)
        elif name not in self._fields:
            problem = unknown_name(self.scenario, name, given)
            raise InputError(f"vary.{problem.name}", problem.rule, problem.value, problem.advice)

    def prior(self, name: str) -> list[float]:
        """Range over which a parameter is uncertain.

        Raises:
            InputError: it has none.
        """
        if name not in self._priors:
            rule, advice = "has no range of its own", f"write vary.{name}=[LOW,HIGH]"
            raise InputError(f"vary.{name}", rule, Brief("prior"), advice)
        return list(self._priors[name])

    def is_whole(self, name: str) -> bool:
        """Whether a parameter takes whole numbers only."""
        return name in self._fields and self._fields[name].annotation is int

    def base(self, choices: Mapping[str, str]) -> Scenario:
        """The scenario with these entries of groups."""
        key = tuple(sorted(choices.items()))
        if key not in self._bases:
            self._bases[key] = self._compose(dict(choices))
        return self._bases[key]

    def values_at(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """What a point sets in the scenario, plans apart."""
        return {name: v for name, v in point.items() if name in self._fields and not name.startswith(PLAN)}

    def plan_at(self, point: Mapping[str, Any], key: str) -> Strategy:
        """A plan at a point."""
        changes = {name.removeprefix(PLAN): value for name, value in point.items() if name.startswith(PLAN)}
        try:
            return checked(self.strategies[key], changes) if changes else self.strategies[key]
        except InputErrors as error:
            raise error.under(PLAN) from None

    def unit_of(self, name: str) -> str:
        """Unit of a parameter; empty for what is no number."""
        return str(extras(self._fields[name]).get("unit", "")) if name in self._fields else ""

    def meaning_of(self, name: str) -> str:
        """What a factor stands for."""
        if name in self._fields:
            return f"factor: {self._fields[name].description or 'a setting'}"
        return f"factor: entry of the group {name}" if name in GROUPS else "factor that is no parameter"


def checked[M: (Scenario, Strategy)](model: M, changes: dict[str, Any]) -> M:
    """A changed copy.

    Raises:
        InputErrors: a value breaks a rule, or a name does not exist.
    """
    try:
        return replace(model, changes) if changes else model
    except KeyError as error:
        raise InputErrors([unknown_name(model, error.args[0], changes[error.args[0]])]) from None
    except ValidationError as error:
        raise InputErrors(complaints(error, type(model))) from None
