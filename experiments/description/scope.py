"""One function body: binds names to what they stand for and evaluates expressions."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from experiments.description.source import argument_names, plain, streams_of
from experiments.description.symbols import Column, Group, Several, Symbol, Table, Thing, Words, leaves
from sim.draws import Stream
from sim.structure import STAGE_ATTRIBUTES
from sim.world import World

if TYPE_CHECKING:
    from experiments.description.reading import Reader

CHANGING = {"append", "add", "spend", "post", "invest", "depreciate", "write_off", "open_month"}
STAGES = dict(zip(("PERSPECTIVES", "CONSULTATION", "FEEDBACK_SEEKING", "HORIZON", "RIGOUR"), STAGE_ATTRIBUTES,
                  strict=False))  # fmt: skip


class Scope(ast.NodeVisitor):
    """One function body: binds names, evaluates expressions."""

    def __init__(self, reader: Reader, names: dict[str, Symbol], module: ModuleType | None) -> None:
        """Start with the arguments bound."""
        self.reader = reader
        self.names = names
        self.module = module
        self.returned: Symbol = None

    # statements

    def visit_Assign(self, node: ast.Assign) -> None:
        """Bind names, or write into what they stand for."""
        value = self.eval(node.value)
        for target in node.targets:
            self.bind(target, value, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """The same with a type."""
        if node.value is not None:
            self.bind(node.target, self.eval(node.value), node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Read and write."""
        self.eval(node.value)
        kept = node.target
        if isinstance(kept, ast.Name):
            self.store(self.names.get(kept.id))
            return
        self.eval(ast.parse(ast.unparse(kept), mode="eval").body)
        self.bind(kept, None, None)

    def visit_For(self, node: ast.For) -> None:
        """Bind the loop's names to what is handed out."""
        self.bind(node.target, self.handed_out(node.iter), None)
        for statement in [*node.body, *node.orelse]:
            self.visit(statement)

    def visit_Return(self, node: ast.Return) -> None:
        """Remember what is returned."""
        if node.value is not None:
            self.returned = self.eval(node.value) or self.returned

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function inside a function sees the names around it."""
        for statement in node.body:
            self.visit(statement)

    def generic_visit(self, node: ast.AST) -> None:
        """Other statements: evaluate every expression in them."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child)
            else:
                self.visit(child)

    def bind(self, target: ast.expr, value: Symbol, source: ast.expr | None) -> None:
        """Bind a target to a value; a subscript or an attribute is written."""
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple):
            parts: Sequence[Symbol] = value.members if isinstance(value, Several) else [None] * len(target.elts)
            if len(parts) != len(target.elts):
                parts = [None] * len(target.elts)
            for one, part in zip(target.elts, parts, strict=True):
                self.bind(one, part, None)
        elif isinstance(target, ast.Subscript):
            self.eval(target.slice)
            self.store(self.place(target.value))
        elif isinstance(target, ast.Attribute):
            self.reader.attribute(self.eval(target.value), target.attr, store=True)

    def place(self, node: ast.expr) -> Symbol:
        """What a subscript is written into, without counting as read."""
        if isinstance(node, ast.Attribute):
            return self.reader.attribute(self.eval(node.value), node.attr, store=True)
        return self.eval(node)

    def store(self, value: Symbol) -> None:
        """Write into a variable of the state."""
        for one in value.members if isinstance(value, Several) else (value,):
            if isinstance(one, Column):
                self.reader.note(one, store=True)

    # expressions

    def eval(self, node: ast.expr) -> Symbol:  # noqa: PLR0911
        """Meaning of an expression; everything in it is read."""
        if isinstance(node, ast.Name):
            self.constant(node.id)
            return self.names.get(node.id)
        if isinstance(node, ast.Attribute):
            return self.member(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Tuple | ast.List):
            return Several(tuple(self.eval(one) for one in node.elts))
        if isinstance(node, ast.Subscript):
            return self.subscript(node)
        if isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
            return self.comprehension(node)
        if isinstance(node, ast.Lambda):
            self.eval(node.body)
            return None
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.eval(child)
        return None

    def constant(self, name: str) -> None:
        """Streams and attributes of stages are known by the names of constants."""
        if name in STAGES and self.module is not None and hasattr(self.module, name):
            self.reader.found.parameters.add(f"programme.stages.{STAGES[name]}")
        if name == "FIRST_PROPENSITY":
            rest = STAGE_ATTRIBUTES[len(STAGES) :]
            self.reader.found.parameters.update(f"programme.stages.{one}" for one in rest)
        if self.module is not None and name in streams_of(self.module):
            self.reader.found.streams.add(streams_of(self.module)[name])

    def member(self, node: ast.Attribute) -> Symbol:
        """owner.name."""
        if isinstance(node.value, ast.Name) and node.value.id == "Stream" and node.attr in Stream.__members__:
            self.reader.found.streams.add(node.attr)
            return None
        return self.reader.attribute(self.eval(node.value), node.attr, store=False)

    def subscript(self, node: ast.Subscript) -> Symbol:
        """A part of a column is the column, an element of it a number; a record is row 0 of its table."""
        owner, index = self.eval(node.value), node.slice
        self.eval(index)
        if isinstance(owner, Group) and owner.many:
            return owner.element()
        if isinstance(owner, Group):
            return owner
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        counts = isinstance(owner, Column) and owner.name.startswith("tally.")  # a chunk of them is passed on
        sliced = any(isinstance(part, ast.Slice) for part in parts)
        return owner if isinstance(owner, Column) and (counts or sliced) else None

    def comprehension(self, node: Any) -> Symbol:
        """Bind its names, then evaluate its parts."""
        for one in node.generators:
            self.bind(one.target, self.handed_out(one.iter), None)
            for test in one.ifs:
                self.eval(test)
        if isinstance(node, ast.DictComp):
            self.eval(node.key)
            return Several((self.eval(node.value),))
        return Several((self.eval(node.elt),))

    def handed_out(self, node: ast.expr) -> Symbol:  # noqa: PLR0911
        """What an iteration hands out."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sorted", "list"):
            return self.handed_out(node.args[0])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("zip", "enumerate"):
            parts = tuple(self.handed_out(one) for one in node.args)
            return Several((None, *parts) if node.func.id == "enumerate" else parts)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
            owner = self.eval(node.func.value)
            return Several((None, owner.element())) if isinstance(owner, Group) and owner.many else None
        value = self.eval(node)
        words = self.words(node)
        if words is not None:
            return words
        if isinstance(value, Group) and value.many:
            return value.element()
        if isinstance(value, Several):
            groups = [one for one in value.members if isinstance(one, Group)]
            columns = tuple(one for one in value.members if isinstance(one, Column))
            if groups:
                return groups[0] if len(groups) == 1 else Several(tuple(groups))
            return Several(columns) if columns else None
        return None

    def words(self, node: ast.expr) -> Words | None:
        """The names in a literal tuple or in a constant of the module."""
        value = getattr(self.module, node.id, None) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Tuple):
            value = tuple(one.value if isinstance(one, ast.Constant) else None for one in node.elts)
        if isinstance(value, tuple) and value and all(isinstance(one, str) for one in value):
            return Words(value)
        return None

    def by_name(self, owner: Symbol, names: Symbol) -> None:
        """getattr(owner, name) for every name, or for all if they are not known."""
        for group in owner.members if isinstance(owner, Several) else (owner,):
            if isinstance(group, Group) and isinstance(names, Words):
                for name in names.names:
                    self.reader.read(group, name)
            elif isinstance(group, Group):
                self.reader.found.parameters.update(leaves(group))

    def call(self, node: ast.Call) -> Symbol:
        """Follow functions of the model; of all others only the arguments count."""
        arguments = [self.eval(one.value if isinstance(one, ast.Starred) else one) for one in node.args]
        named = {one.arg: self.eval(one.value) for one in node.keywords if one.arg}
        if isinstance(node.func, ast.Attribute):
            return self.method(node.func, arguments)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "getattr":
            self.by_name(*arguments[:2])
        if name in ("list", "tuple"):
            return arguments[0] if arguments else None
        target = getattr(self.module, name, None)
        if inspect.isclass(target) and node.args and isinstance(node.args[0], ast.Starred):
            return arguments[0]  # a table that was handed over as a plain tuple gets its names back
        if inspect.isclass(target):  # whatever is built of a parameter model rests on all of it
            for group in (one for one in [*arguments, *named.values()] if isinstance(one, Group) and not one.many):
                self.reader.found.parameters.update(leaves(group))
        if inspect.isfunction(plain(target)) and plain(target).__module__.startswith("sim."):
            return self.reader.function(target, dict(zip(argument_names(target), arguments, strict=False)) | named)
        return None

    def method(self, node: ast.Attribute, arguments: list[Symbol]) -> Symbol:
        """Methods of the world are followed; some of the state's change it."""
        owner = self.eval(node.value)
        if owner == Thing("world"):
            function = getattr(World, node.attr)
            return self.reader.function(
                function, dict(zip(argument_names(function), [owner, *arguments], strict=False))
            )
        if isinstance(owner, Group) and owner.many:
            return owner if node.attr == "values" else owner.element() if node.attr == "get" else None
        if isinstance(owner, Group) and node.attr == "model_dump":
            self.reader.found.parameters.update(leaves(owner))
        if isinstance(owner, Table) and node.attr in CHANGING:
            self.reader.found.writes.add(owner.name)
        if isinstance(owner, Column) and node.attr in CHANGING:
            self.reader.note(owner, store=True)
        return None
