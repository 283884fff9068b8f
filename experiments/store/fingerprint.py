"""Which model made a run: a hash of the code that decides results."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

import experiments
import sim

ROWS = ("tables.py", "store/rows.py")  # files of experiments that turn a result into stored numbers
LENGTH = 16  # hexadecimal digits


@cache
def fingerprint() -> str:
    """Sixteen hexadecimal digits that change with the model's code and data, not with comments and docstrings."""
    model, studies = Path(sim.__file__).parent, Path(experiments.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(model.rglob("*.py")):
        digest.update(f"{path.relative_to(model).as_posix()}\n{essence(path.read_text(encoding='utf-8'))}\n".encode())
    for path in sorted((model / "data").iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    for name in ROWS:
        digest.update(f"{name}\n{essence((studies / name).read_text(encoding='utf-8'))}\n".encode())
    return digest.hexdigest()[:LENGTH]


def essence(source: str) -> str:
    """Python source without comments, docstrings and layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
