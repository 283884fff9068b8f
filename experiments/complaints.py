"""From pydantic's validation errors and unknown names to lines that a user can act on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sim.errors import InputError
from sim.params.field import extras, walk

RULES = {
    "int": "must be a whole number",
    "float": "must be a number",
    "finite": "must be a finite number",
    "bool": "must be true or false",
    "string": "must be text",
    "path": "must be a path",
    "dict": "must be a group of named values",
    "model": "must be a group of named values",
    "tuple": "must be a list",
    "missing": "is missing",
}


class InputErrors(ValueError):
    """All that is wrong with what a user gave; one `InputError` each.

    Args:
        problems: at least one problem.
    """

    def __init__(self, problems: Iterable[InputError]) -> None:
        """Keep the problems and show them one a line."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def under(self, prefix: str) -> InputErrors:
        """The same with something in front of every name."""
        return InputErrors(InputError(f"{prefix}{p.name}", p.rule, p.value, p.advice) for p in self.problems)


class Brief(str):
    """Text shown as it is, without quotes, by `InputError`."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the text itself."""
        return str(self)


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Advice that names the nearest of the known words, or `otherwise` if none is near."""
    known = list(known)
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(near)}?" if near else otherwise


def unknown_name(model: BaseModel, dotted: str, value: object) -> InputError:
    """Say that a dotted name does not exist and which name may have been meant.

    Args:
        model: a valid configuration; its names are the known ones.
        dotted: the name that does not exist.
        value: what it was set to.
    """
    names = [name for name, _, _ in walk(model)]
    known = sorted({".".join(name.split(".")[: depth + 1]) for name in names for depth in range(name.count(".") + 1)})
    same_end = [name for name in known if name.rpartition(".")[2] == dotted.rpartition(".")[2]]
    if same_end and len(same_end) <= 3:
        advice = f"did you mean {' or '.join(same_end)}?"
    else:
        siblings = [name for name in known if name.count(".") == dotted.count(".")]
        advice = did_you_mean(dotted, siblings, did_you_mean(dotted, known, "ungridlock list shows what can be set"))
    return InputError(dotted, "unknown name", value, advice)


def complaints(error: ValidationError, model: type[BaseModel], prefix: str = "") -> list[InputError]:
    """Translate every error of a failed validation.

    Args:
        error: what pydantic raised.
        model: the class that was validated.
        prefix: put before every dotted name.
    """
    details = error.errors(include_url=False)
    parents = {detail["loc"][:-1] for detail in details}  # a list is not short because its items are wrong
    return [_complaint(d, model, prefix) for d in details if not (d["type"] == "too_short" and d["loc"] in parents)]


def _complaint(detail: ErrorDetails, model: type[BaseModel], prefix: str) -> InputError:
    own = detail.get("ctx", {}).get("error")
    if isinstance(own, InputError):
        return InputError(prefix + own.name, own.rule, own.value, own.advice)
    path = [str(step) for step in detail["loc"]]
    name = prefix + ".".join(path) if path else prefix.rstrip(".: ") or "configuration"
    value = _brief(detail["input"])
    if detail["type"] == "extra_forbidden":
        known = sorted(_parts(_type_at(model, path[:-1])))
        return InputError(name, "unknown name", value, did_you_mean(path[-1], known, f"choose from {', '.join(known)}"))
    if detail["type"] == "value_error":
        return _own_rule(name, detail["msg"], value)
    field = _field_at(model, path)
    bare = detail["type"] in ("list_type", "tuple_type") and isinstance(detail["input"], str)
    advice = f"write it in brackets: '{name}=[{detail['input']}]'" if bare else _range_advice(field)
    return InputError(name, _rule(detail, field), value, advice)


def _own_rule(name: str, message: str, value: object) -> InputError:
    """Split a rule of our own models, written "rule, got value; advice"."""
    message = message.removeprefix("Value error, ")
    match = re.fullmatch(r"(?P<rule>.*?)(, got (?P<got>[^;]*))?(; (?P<advice>.*))?", message, re.DOTALL)
    assert match is not None
    quoted = re.search(r"'([^']+)'", match["rule"])
    got = Brief(match["got"]) if match["got"] else quoted[1] if quoted else value
    return InputError(name, match["rule"], got, match["advice"] or "correct the value")


def _rule(detail: ErrorDetails, field: FieldInfo | None) -> str:
    context = detail.get("ctx", {})
    kind = detail["type"]
    unit = extras(field).get("unit", "1") if field else "1"
    of_unit = "" if unit == "1" else f" ({unit})"
    limits = {"greater_than_equal": "at least", "greater_than": "above", "less_than_equal": "at most",
              "less_than": "below"}  # fmt: skip
    if kind in limits:
        limit = next(context[name] for name in ("ge", "gt", "le", "lt") if name in context)
        return f"must be {limits[kind]} {f'{limit:g}' if isinstance(limit, float) else limit}{of_unit}"
    if kind in ("enum", "literal_error"):
        return f"must be one of {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"must be one of {', '.join(re.findall(r'[A-Za-z_]+', context['pattern']))}"
    if kind in ("string_too_short", "string_too_long"):
        wanted = f"least {context['min_length']}" if kind == "string_too_short" else f"most {context['max_length']}"
        return f"must have at {wanted} character(s)"
    if kind in ("too_short", "too_long"):
        wanted = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return f"must have {wanted} item(s)"
    return RULES.get(kind.split("_", maxsplit=1)[0], detail["msg"][0].lower() + detail["msg"][1:])


def _range_advice(field: FieldInfo | None) -> str:
    limits = {type(item).__name__: item for item in field.metadata} if field else {}
    if "Ge" in limits and "Le" in limits:
        return f"choose a value from {limits['Ge'].ge} to {limits['Le'].le}"
    if "Gt" in limits and "Le" in limits:
        return f"choose a value above {limits['Gt'].gt:g}, at most {limits['Le'].le:g}"
    return "correct the value"


def _brief(value: object, longest: int = 60) -> object:
    """The value, or the beginning of its text if it is long."""
    text = repr(value)
    return value if len(text) <= longest else Brief(text[: longest - 3] + "...")


def _parts(kind: Any) -> dict[str, FieldInfo]:
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else {}


def _step(kind: Any, step: str) -> Any:
    """Type of the part `step` of something of type `kind`, or None."""
    fields = _parts(kind)
    if step in fields:
        return fields[step].annotation
    if get_origin(kind) in (dict, tuple, list):
        return get_args(kind)[-1] if get_origin(kind) is dict else get_args(kind)[0]
    return None


def _type_at(model: type[BaseModel], path: list[str]) -> Any:
    kind: Any = model
    for step in path:
        kind = _step(kind, step)
    return kind


def _field_at(model: type[BaseModel], path: list[str]) -> FieldInfo | None:
    return _parts(_type_at(model, path[:-1])).get(path[-1]) if path else None
