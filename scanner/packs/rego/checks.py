"""What OPA's compiler refuses and regorus would only notice when a rule runs, or never.

Works on the outlines `Engine.modules()` gives (plain dicts), so it needs no engine; reading text, parsing and loading
are `loader`'s business. Every fault is a RegoError with file, line and column, and all faults are reported.

Unknown functions, wrong arity and unbound variables make a rule undefined only where they are reached; endless
recursion overflows the stack, which no engine survives; chains of multiplications build numbers no timer interrupts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypedDict

from scanner.packs.rego.engine import RegoError

MAX_CHAIN = 100
"""Rules and functions that need each other in a row."""

MAX_STACK_BYTES = 1 << 20
"""Stack that evaluating a rule may take by our estimate, which is about a third too high. Evaluation needs threads with
2 MB; a thread on macOS has 512 KB unless `threading.stack_size` says otherwise."""

_LINK_BYTES = 5_000
"""Stack of one rule or function in a chain; what stands inside it comes on top."""

MAX_PRODUCTS = 16
"""Multiplications in a row: each may double the digits of a number."""

_REPRODUCIBLE = "the same input must give the same verdict"

REFUSED = {
    "http.send": "a policy must not use the network",
    "net.lookup_ip_addr": "a policy must not use the network",
    "opa.runtime": "a policy must not read the environment",
    "rego.parse_module": "a policy must not read policies",
    "time.now_ns": f"{_REPRODUCIBLE}; the clock is part of the input",
    "rand.intn": _REPRODUCIBLE,
    "uuid.rfc4122": _REPRODUCIBLE,
}
"""Built-ins no module may call, and why."""

_ANY_NUMBER = ("print",)
_ROOTS = ("input", "data")


class Position(TypedDict):
    """Where something stands, from 1."""

    line: int
    col: int


class Call(Position):
    """One call; further keys are for the source rewrite."""

    name: str
    nargs: int
    stack: int
    """Estimated bytes of stack where the call stands in its rule."""


class Reference(Position):
    """A reference to something that is no local variable."""

    path: str
    """Its constant head."""
    pattern: list[str | None] | None
    """Where an index varies: every part from the root, None for what varies."""
    stack: int
    """As of a call."""


class Variable(Position):
    """A variable that something else must bind, and nothing does."""

    name: str


class RuleOutline(Position):
    """One definition; a rule may have several."""

    name: str
    arity: int | None
    default: bool
    calls: list[Call]
    refs: list[Reference]
    unbound: list[Variable]
    products: int
    stack: int
    """Estimated bytes of stack at its deepest point."""


class Import(Position):
    """One import; `alias` is None where none is given."""

    path: str
    alias: str | None


class Outline(Position):
    """One module; `package` starts with "data.", the position is that of the package statement."""

    file: str
    package: str
    imports: list[Import]
    rules: list[RuleOutline]


class _Definition(NamedTuple):
    """A definition with all names resolved to paths."""

    module: Outline
    rule: RuleOutline
    functions: list[str]
    """Paths of called functions, one per call."""
    needs: dict[str, int]
    """Paths of all rules it may evaluate, functions included, and the stack in use where it does."""

    def need(self, path: str, stack: int) -> None:
        """Record that it may evaluate the rule at a path."""
        self.needs[path] = max(stack, self.needs.get(path, 0))


def check_outlines(
    outlines: Sequence[Outline],
    builtins: Mapping[str, int],
    data_roots: Iterable[str] = (),
    entrypoints: Iterable[str] = (),
) -> list[RegoError]:
    """Return every fault of the modules, as one set that is loaded together.

    `builtins` are names and arities of what the engine has; `data_roots` the top-level keys of the base document;
    `entrypoints` the paths that will be evaluated.
    """
    index = _Index(outlines, builtins)
    errors = [error for outline in outlines for error in index.check_module(outline)]
    errors += _data_conflicts(outlines, frozenset(data_roots))
    errors += [_missing(path) for path in entrypoints if path not in index.definitions]
    return errors + _Chains(index.definitions).errors


class _Index:
    """Every rule by its path, and the meaning of names in each module."""

    def __init__(self, outlines: Sequence[Outline], builtins: Mapping[str, int]) -> None:
        self.builtins = builtins
        self.definitions: dict[str, list[_Definition]] = {}
        self._prefixes: dict[str, set[str]] = {}
        for outline in outlines:
            for rule in outline["rules"]:
                self._add(f"{outline['package']}.{rule['name']}", _Definition(outline, rule, [], {}))

    def _add(self, path: str, definition: _Definition) -> None:
        known = self.definitions.setdefault(path, [])
        known.append(definition)
        if len(known) == 1:
            for prefix in _heads(path):
                self._prefixes.setdefault(prefix, set()).add(path)

    def check_module(self, outline: Outline) -> Iterator[RegoError]:
        """Yield the faults inside one module; fills in what its definitions need."""
        imports = {_local_name(item): item["path"] for item in outline["imports"]}
        names = _Names(outline["package"], imports, self)
        for rule in outline["rules"]:
            path = f"{outline['package']}.{rule['name']}"
            definition = next(each for each in self.definitions[path] if each.rule is rule)
            for call in rule["calls"]:
                fault = self._check_call(call, names, definition)
                if fault:
                    yield RegoError(fault[0], fault[1], outline["file"], call["line"], call["col"])
            for reference in rule["refs"]:
                path = names.resolve(reference["path"])
                exact = reference["pattern"] is None
                for need in self.rules_at(path) if exact else self._rules_like(path, reference):
                    definition.need(need, reference["stack"])
            for variable in rule["unbound"]:
                if not names.is_known(variable["name"]):
                    reason = f"var {variable['name']} is unsafe: nothing binds it"
                    yield RegoError("unsafe", reason, outline["file"], variable["line"], variable["col"])

    def _check_call(self, call: Call, names: "_Names", definition: _Definition) -> tuple[str, str] | None:
        """Return kind and reason of the fault of a call, if it has one."""
        name, count = call["name"], call["nargs"]
        path = names.resolve(name)
        if path in self.definitions:
            definition.functions.append(path)
            definition.need(path, call["stack"])
            # One more is the form f(x, result).
            wanted = {each.rule["arity"] for each in self.definitions[path]} - {None}
            if count in wanted or count - 1 in wanted:
                return None
            if not wanted:
                return "arity", f"{name} is a rule, not a function"
            return "arity", f"{name} takes {_either(wanted)} arguments, not {count}"
        if name in REFUSED:
            return "refused", f"{name} is refused: {REFUSED[name]}"
        if name in _ANY_NUMBER:
            return None
        arity = self.builtins.get(name)
        if arity is None:
            return "unknown-function", f"unknown function {name}"
        if count not in (arity, arity + 1):
            return "arity", f"{name} takes {arity} arguments, not {count}"
        return None

    def rules_at(self, path: str) -> Iterable[str]:
        """Return the paths of the rules a reference may evaluate: the one it leads into, or all below it."""
        if path in self.definitions:
            return (path,)
        below = self._prefixes.get(path)
        if below is not None:
            return below
        return next(((head,) for head in reversed(_heads(path)) if head in self.definitions), ())

    def _rules_like(self, head: str, reference: Reference) -> Iterable[str]:
        """Return the paths a reference with a varying index may evaluate; `head` is its resolved constant head."""
        pattern = reference["pattern"] or []
        constant = next(at for at, part in enumerate(pattern) if part is None)
        wanted = [*head.split("."), *pattern[constant:]]
        return [path for path in self.rules_at(head) if _matches(path.split("."), wanted)]


class _Names:
    """What a name means in one module."""

    def __init__(self, package: str, imports: Mapping[str, str], index: _Index) -> None:
        self._package, self._imports, self._index = package, imports, index

    def resolve(self, name: str) -> str:
        """Return the absolute path of a dotted name; a name that is no rule and no import stays itself."""
        root, dot, rest = name.partition(".")
        root, bracket, index = root.partition("[")
        target = self._imports.get(root)
        if target is None and root not in _ROOTS:
            target = f"{self._package}.{root}"
            if not self._index.rules_at(target):
                return name
        return f"{target or root}{bracket}{index}{dot}{rest}"

    def is_known(self, name: str) -> bool:
        """Say whether a bare name is a rule, an import or a document."""
        return name in _ROOTS or name in self._imports or bool(self._index.rules_at(f"{self._package}.{name}"))


class _Chains:
    """Recursion, depth and products along what definitions need, by one depth-first walk without recursion."""

    def __init__(self, definitions: Mapping[str, list[_Definition]]) -> None:
        self._definitions = definitions
        self._depth: dict[str, int] = {}
        self._products: dict[str, int] = {}
        self._stack: dict[str, int] = {}
        self._needs = {
            path: sorted(set().union(*(each.needs for each in found))) for path, found in definitions.items()
        }
        self.errors: list[RegoError] = []
        for path in definitions:
            if path not in self._depth:
                self._walk(path)

    def _walk(self, start: str) -> None:
        on_path = {start: None}
        pending = [iter(self._needs[start])]
        while pending:
            following = next(pending[-1], None)
            if following is None:
                pending.pop()
                self._finish(on_path.popitem()[0])
            elif following in on_path:
                path = list(on_path)
                cycle = [*path[path.index(following) :], following]
                self._report(following, "recursion", f"recursion: {' -> '.join(cycle)}")
            elif following not in self._depth:
                on_path[following] = None
                pending.append(iter(self._needs[following]))

    def _finish(self, path: str) -> None:
        """Sum up a rule after everything it needs; a part of a cycle counts as nothing."""
        depth = 1 + max((self._depth.get(need, 0) for need in self._needs[path]), default=0)
        self._depth[path] = depth
        self._products[path] = products = max(self._definition_products(each) for each in self._definitions[path])
        # Reported once, where the bound is first crossed.
        if depth == MAX_CHAIN + 1:
            self._report(path, "limit", f"{path} needs a chain of more than {MAX_CHAIN} rules and functions")
        if products > MAX_PRODUCTS and all(self._products[need] <= MAX_PRODUCTS for need in self._settled(path)):
            self._report(path, "limit", f"{path} multiplies more than {MAX_PRODUCTS} times in a row")
        self._stack[path] = stack = max(self._definition_stack(each) for each in self._definitions[path])
        if stack > MAX_STACK_BYTES and all(self._stack[need] <= MAX_STACK_BYTES for need in self._settled(path)):
            reason = f"{path} is nested so deep that it may need {stack >> 10} KB of stack"
            self._report(path, "limit", f"{reason}; at most {MAX_STACK_BYTES >> 10} are allowed")

    def _settled(self, path: str) -> Iterator[str]:
        return (need for need in self._needs[path] if need in self._products)

    def _definition_products(self, definition: _Definition) -> int:
        called = sum(self._products.get(path, 0) for path in definition.functions)
        needed = max((self._products.get(path, 0) for path in definition.needs), default=0)
        return definition.rule["products"] + called + needed

    def _definition_stack(self, definition: _Definition) -> int:
        below = (stack + self._stack.get(need, 0) for need, stack in definition.needs.items())
        return _LINK_BYTES + max(definition.rule["stack"], max(below, default=0))

    def _report(self, path: str, kind: str, reason: str) -> None:
        module, rule = self._definitions[path][0][:2]
        self.errors.append(RegoError(kind, reason, module["file"], rule["line"], rule["col"]))


def _matches(path: Sequence[str], pattern: Sequence[str | None]) -> bool:
    return all(wanted in (None, part) for part, wanted in zip(path, pattern, strict=False))


def _data_conflicts(outlines: Sequence[Outline], roots: frozenset[str]) -> Iterator[RegoError]:
    """Yield packages that data would cover: data at a rule's path silently replaces the rule."""
    for outline in outlines:
        root = outline["package"].removeprefix("data.").partition(".")[0].partition("[")[0]
        if root in roots:
            reason = f"package {outline['package'][5:]} lies below data.{root}, which holds base data"
            yield RegoError("conflict", reason, outline["file"], outline["line"], outline["col"])


def _missing(path: str) -> RegoError:
    return RegoError("entrypoint", f"no module defines the entry point {path}")


def _local_name(item: Import) -> str:
    return item["alias"] or item["path"].rpartition(".")[2]


def _heads(path: str) -> list[str]:
    """Return the proper prefixes of a path, shortest first: "data", "data.a" of "data.a.b"."""
    cuts = [at for at, character in enumerate(path) if character in ".["]
    return [path[:at] for at in cuts]


def _either(counts: Iterable[int | None]) -> str:
    return " or ".join(str(count) for count in sorted(count for count in counts if count is not None))
