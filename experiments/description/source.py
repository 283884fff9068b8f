"""Functions of the model as syntax trees."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from types import ModuleType
from typing import Any


@cache
def tree_of(function: Any) -> ast.FunctionDef:
    """Syntax tree of a function."""
    body = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(body, ast.FunctionDef)
    return body


@cache
def streams_of(module: ModuleType) -> dict[str, str]:
    """Constants of a module that are numbers of streams: name -> stream."""
    found = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.Assign) and "Stream." in ast.unparse(node.value):
            found[ast.unparse(node.targets[0])] = ast.unparse(node.value).split("Stream.")[1].rstrip(")")
    return found


def plain(thing: Any) -> Any:
    """The Python function behind a compiled rule, or the function itself."""
    return getattr(thing, "py_func", thing)


def argument_names(function: Any) -> list[str]:
    """Names of a function's arguments."""
    return [a.arg for a in tree_of(plain(function)).args.args]
