"""Parses the statements of a ``.bicep`` or ``.bicepparam`` file; a statement that cannot be read costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.syntax.expressions import BicepSyntaxError
from scanner.sources.bicep.syntax.lexer import END, LEFT, LINE, NAME, TEXT, Complaint, tokenise
from scanner.sources.bicep.syntax.nodes import Decorator, Name, Statement
from scanner.sources.bicep.syntax.types import TypeParser

_MAX_COMPLAINTS: Final = 100

_Decorators: TypeAlias = tuple[Decorator, ...]
_Reader: TypeAlias = Callable[["_Parser", _Decorators], Statement]


class Program(NamedTuple):
    """What a file says."""

    statements: tuple[Statement, ...]
    complaints: tuple[Complaint, ...]
    """What could not be read, in the order of the text."""


def parse(text: str) -> Program:
    """Return the statements of a ``.bicep`` file. Never raises for what is in it."""
    return _Parser(text, _STATEMENTS).run()


def parse_parameters(text: str) -> Program:
    """Return the statements of a ``.bicepparam`` file. Never raises for what is in it."""
    return _Parser(text, _PARAMETER_STATEMENTS).run()


class _Parser(TypeParser):
    def __init__(self, text: str, statements: Mapping[str, _Reader]) -> None:
        tokens = tokenise(text)
        super().__init__(tokens)
        self._text = text
        self._readers = statements
        self._complaints = list(tokens.complaints)

    def run(self) -> Program:
        statements: list[Statement] = []
        self.skip_lines()
        while self.kinds[self.at] != END:
            begin = self.at
            try:
                statements.append(self._statement())
                if self.kinds[self.at] != END:
                    self.expect(LINE, "a new line behind the statement")
            except BicepSyntaxError as fault:
                self._complaints.append(Complaint(fault.reason, fault.offset))
                if len(self._complaints) >= _MAX_COMPLAINTS:
                    break
                self.depth = 0
                self._recover(begin)
            self.skip_lines()
        return Program(tuple(statements), tuple(sorted(self._complaints, key=lambda found: found.offset)))

    def _statement(self) -> Statement:
        decorators = self.decorators()
        read = self._readers.get(self.texts[self.at]) if self.kinds[self.at] == NAME else None
        if read is None:
            raise self.fault(f"a statement ({', '.join(self._readers)})")
        return read(self, decorators)

    def _recover(self, begin: int) -> None:
        """Go to the next line that starts with a statement's keyword or a decorator, without indentation."""
        at = max(self.at, begin + 1)
        while (kind := self.kinds[at]) != END:
            start = self.starts[at]
            if (
                (kind == "@" or (kind == NAME and self.texts[at] in self._readers))
                and self.kinds[at - 1] == LINE
                and self._text[start - 1] in "\r\n"
            ):
                break
            at += 1
        self.at = at

    # Statements

    def target_scope(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        self.expect("=", "'='")
        value = self.expression()
        return nodes.TargetScope(decorators, value, start, value.end)

    def assignment(self, decorators: _Decorators) -> Statement:
        keyword = self.texts[self.at]
        start = self._keyword()
        name = self.name("a name")
        self.expect("=", "'='")
        value = self.expression()
        return nodes.Assignment(decorators, keyword, name, value, start, value.end)

    def param(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        name = self.name("the name of the parameter")
        type_ = self.type()
        default = None
        if self.kinds[self.at] == "=":
            self.at += 1
            default = self.expression()
        elif self.kinds[self.at] not in (LINE, END):
            raise self.fault("'=' and a default value, or a new line")
        return nodes.Param(decorators, name, type_, default, start, self.ends[self.at - 1])

    def var(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        name = self.name("the name of the variable")
        type_ = self.type() if self.kinds[self.at] != "=" else None
        self.expect("=", "'='")
        value = self.expression()
        return nodes.Var(decorators, name, type_, value, start, value.end)

    def type_declaration(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        name = self.name("the name of the type")
        self.expect("=", "'='")
        type_ = self.type()
        return nodes.TypeDeclaration(decorators, name, type_, start, type_.end)

    def func(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        name = self.name("the name of the function")
        self.expect("(", "'('")
        self.skip_lines()
        params: list[tuple[Name, nodes.Type]] = []
        while self.kinds[self.at] != ")":
            params.append((self.name("the name of a parameter"), self.type()))
            self.skip_lines()
            if self.kinds[self.at] != ",":
                break
            self.at += 1
            self.skip_lines()
        self.expect(")", "',' or ')'")
        result = self.type()
        self.expect("=>", "'=>'")
        self.skip_lines()
        body = self.expression()
        return nodes.Func(decorators, name, tuple(params), result, body, start, body.end)

    def output(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        name = self.name("the name of the output")
        type_ = self.type()
        self.expect("=", "'='")
        value = self.expression()
        return nodes.Output(decorators, name, type_, value, start, value.end)

    def resource(self, decorators: _Decorators) -> nodes.Resource:
        start = self._keyword()
        name = self.name("the name of the resource")
        type_ = self.string("the type of the resource as a string")
        existing = self.word("existing")
        self.expect("=", "'='")
        body = self._body(resources=True)
        return nodes.Resource(decorators, name, type_, existing, body, start, body.end)

    def module(self, decorators: _Decorators) -> Statement:
        keyword = self.texts[self.at]
        start = self._keyword()
        name = self.name(f"the name of the {keyword}")
        path = self.string(f"the path of the {keyword} as a string")
        self.expect("=", "'='")
        body = self._body(resources=False)
        return nodes.Module(decorators, keyword, name, path, body, start, body.end)

    def import_(self, decorators: _Decorators) -> Statement:
        if self.kinds[self.at + 1] in (TEXT, LEFT):
            return self.extension(decorators)
        start = self._keyword()
        names: tuple[nodes.ImportName, ...] = ()
        everything = None
        if self.kinds[self.at] == "{":
            self.at += 1
            names = tuple(self.items("}", self._import_name))
        elif self.kinds[self.at] == "*":
            self.at += 1
            if not self.word("as"):
                raise self.fault("'as'")
            everything = self.name("the name of the namespace")
        else:
            raise self.fault("'{' and names, or '* as name'")
        if not self.word("from"):
            raise self.fault("'from'")
        path = self.string("the path of a file as a string")
        return nodes.Import(decorators, names, everything, path, start, path.end)

    def _import_name(self) -> nodes.ImportName:
        start = self.starts[self.at]
        name = None
        if self.kinds[self.at] == TEXT:
            text = self.texts[self.at]
            self.at += 1
        else:
            name = self.name("the name of something exported")
            text = name.name
        if self.word("as"):
            name = self.name("another name")
        if name is None:
            raise self.fault("'as' and a name")
        return nodes.ImportName(text, name, start, name.end)

    def extension(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        specification: Name | nodes.Literal | nodes.Template
        if self.kinds[self.at] == NAME:
            specification = self.name("the name of an extension")
        else:
            specification = self.string("the name of an extension")
        config = self._with()
        alias = self.name("another name") if self.word("as") else None
        return nodes.Extension(decorators, specification, config, alias, start, self.ends[self.at - 1])

    def using(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        path = None if self.word("none") else self.string("the path of a .bicep file, or 'none'")
        return nodes.Using(decorators, path, self._with(), start, self.ends[self.at - 1])

    def extends(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        path = self.string("the path of a .bicepparam file")
        return nodes.Extends(decorators, path, start, path.end)

    def extension_config(self, decorators: _Decorators) -> Statement:
        start = self._keyword()
        name = self.name("the name of an extension")
        return nodes.ExtensionConfig(decorators, name, self._with(), start, self.ends[self.at - 1])

    # Parts of statements

    def nested_resource(self) -> nodes.Resource:
        decorators = self.decorators()
        if self.kinds[self.at] != NAME or self.texts[self.at] != "resource":
            raise self.fault("'resource' behind the decorator")
        return self.resource(decorators)

    def _keyword(self) -> int:
        """Step over the keyword; return where it starts."""
        self.at += 1
        return self.starts[self.at - 1]

    def _with(self) -> nodes.Expression | None:
        return self.object(resources=False) if self.word("with") else None

    def _body(self, *, resources: bool) -> nodes.Object | nodes.If | nodes.For:
        at = self.at
        while self.kinds[at] == LINE:
            at += 1
        if self.kinds[at] == NAME and self.texts[at] == "if":
            self.at = at
        kind = self.kinds[self.at]
        if kind == "[":
            at = self.at + 1
            while self.kinds[at] == LINE:
                at += 1
            if self.kinds[at] != NAME or self.texts[at] != "for":
                self.at = at
                raise self.fault("'for'")
            return self.loop(lambda: self._body_of_loop(resources=resources))
        return self._body_of_loop(resources=resources)

    def _body_of_loop(self, *, resources: bool) -> nodes.Object | nodes.If:
        if self.kinds[self.at] == "{":
            return self.object(resources=resources)
        start = self.starts[self.at]
        if not self.word("if"):
            raise self.fault("'{', 'if' or '['")
        if self.kinds[self.at] != "(":
            raise self.fault("'(' and the condition")
        condition = self._parens()
        if self.kinds[self.at] != "{":
            raise self.fault("'{'")
        body = self.object(resources=resources)
        return nodes.If(condition, body, start, body.end)


_STATEMENTS: Final[Mapping[str, _Reader]] = {
    "targetScope": _Parser.target_scope,
    "metadata": _Parser.assignment,
    "param": _Parser.param,
    "var": _Parser.var,
    "type": _Parser.type_declaration,
    "func": _Parser.func,
    "resource": _Parser.resource,
    "module": _Parser.module,
    "output": _Parser.output,
    "import": _Parser.import_,
    "extension": _Parser.extension,
    "provider": _Parser.extension,
    "assert": _Parser.assignment,
    "test": _Parser.module,
}
_PARAMETER_STATEMENTS: Final[Mapping[str, _Reader]] = {
    "using": _Parser.using,
    "extends": _Parser.extends,
    "param": _Parser.assignment,
    "var": _Parser.var,
    "type": _Parser.type_declaration,
    "func": _Parser.func,
    "import": _Parser.import_,
    "extension": _Parser.extension,
    "extensionConfig": _Parser.extension_config,
    "metadata": _Parser.assignment,
}
