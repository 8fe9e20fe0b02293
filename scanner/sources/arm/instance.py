"""Instances: one round of the declaration of a resource or nested deployment, its values evaluated on demand."""

import re
from typing import TYPE_CHECKING, Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.closures import evaluate
from scanner.sources.arm.frame import Frame
from scanner.sources.arm.program import Expression, Missing, ModuleDeclaration, ResourceDeclaration
from scanner.sources.arm.references import ABSENT, ModuleReference, ResourceReference
from scanner.sources.arm.targets import Target, names_of, resource_id, segment, value_of
from scanner.sources.arm.values import EvaluationError, Token, braced, first_unknown, text_of, unknown_call

if TYPE_CHECKING:
    from scanner.sources.arm.deployment import Deployment

_DEPLOYMENTS: Final = "Microsoft.Resources/deployments"
_PROVIDERS: Final = "/providers/"
_NAMESPACES: Final = {
    "diagnosticsettings": "Microsoft.Insights",
    "locks": "Microsoft.Authorization",
    "policyassignments": "Microsoft.Authorization",
    "roleassignments": "Microsoft.Authorization",
}
_TYPE: Final = re.compile(r"[\w.$-]+(?:/[\w.$-]+)*\Z")
_MAX_TYPE: Final = 400
_EXTENSIONS: Final = frozenset(
    {
        "microsoft.authorization/denyassignments",
        "microsoft.authorization/locks",
        "microsoft.authorization/policyassignments",
        "microsoft.authorization/policyexemptions",
        "microsoft.authorization/roleassignments",
        "microsoft.authorization/roleeligibilityschedulerequests",
        "microsoft.authorization/roleassignmentschedulerequests",
        "microsoft.insights/diagnosticsettings",
        "microsoft.security/defenderforstoragesettings",
    }
)


def condition_of(expression: Expression | None, frame: Frame) -> Any:
    """Return True, False or an Unknown."""
    if expression is None:
        return True
    value = evaluate(expression, frame)
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, (bool, Unknown)):
        return value
    fault = EvaluationError("a condition wants a bool", by_value=True)
    return frame.scope.faulted(fault, expression.at)


def scope_id(value: Any, target: Target) -> str:
    """Return the id that the value of a ``scope`` means."""
    if isinstance(value, dict):
        value = value.get("id", "")
    if isinstance(value, ResourceReference):
        return value.instance.id
    text = text_of(value)
    if text.startswith("/") or not text:
        return text.rstrip("/")
    first = text.split("/", 1)[0]
    if text.lower().startswith("microsoft.management/managementgroups/"):
        return f"{_PROVIDERS}{text}"
    if "." in first and not text.startswith("{"):
        return f"{target.id}{_PROVIDERS}{text}"
    return text


class ResourceInstance:
    """One round of a resource."""

    __slots__ = (
        "_api_version",
        "_body",
        "_identity",
        "condition",
        "declaration",
        "deployment",
        "frame",
        "parent",
        "round",
    )

    def __init__(
        self,
        deployment: "Deployment",
        declaration: ResourceDeclaration,
        frame: Frame,
        parent: "ResourceInstance | None",
        round_: int | str | None,
    ) -> None:
        self.deployment = deployment
        self.declaration = declaration
        self.frame = frame
        self.parent = parent
        self.round = round_
        """Number of the round; ``*`` where one stands for all; None without a loop."""
        self._identity: tuple[str, list[str], str, str, Unknown | None] | None = None
        self._body: dict[str, Any] | None = None
        self._api_version: str | None = None
        self.condition: Any = None
        """True, False or an Unknown; set by the deployment."""

    @property
    def type(self) -> str:
        """Full type."""
        return self._identified()[0]

    @property
    def names(self) -> list[str]:
        """Segments of the full name."""
        return self._identified()[1]

    @property
    def id(self) -> str:
        """The id as text."""
        return self._identified()[2]

    @property
    def extends(self) -> str:
        """Id of what it extends; empty where it extends nothing."""
        return self._identified()[3]

    @property
    def id_value(self) -> Any:
        """The id as a value."""
        return value_of(self.id, f"{self.label}.id", self._identified()[4])

    @property
    def name_value(self) -> Any:
        """The last segments of the name, as ``name`` of the resource has them, as a value."""
        text = "/".join(self.names) if self.parent is None else self.names[-1]
        return value_of(text, f"{self.label}.name", self._identified()[4])

    @property
    def label(self) -> str:
        """What it is called: by its symbolic name, or by type and name."""
        declaration = self.declaration
        base = declaration.symbol or f"{self.type}/{'/'.join(self.names)}"
        return base if self.round is None or not declaration.symbol else f"{base}[{self.round}]"

    @property
    def api_version(self) -> str:
        """API version; empty where it is not known."""
        if self._api_version is None:
            expression = self.declaration.api_version
            value = evaluate(expression, self.frame) if expression is not None else ""
            self._api_version = value if isinstance(value, str) else ""
        return self._api_version

    @property
    def body(self) -> dict[str, Any]:
        """What is declared, evaluated; empty where it is no object."""
        if self._body is None:
            self._body = {}  # what refers to itself finds nothing
            value = evaluate(self.declaration.body, self.frame)
            self._body = value if isinstance(value, dict) else {}
        return self._body

    def reference(self) -> ResourceReference:
        """Return what an expression gets that names it."""
        return ResourceReference(self)

    def _identified(self) -> tuple[str, list[str], str, str, Unknown | None]:
        if self._identity is None:
            circle = braced(f"name of {self.declaration.symbol or 'the resource'}")
            self._identity = ("", [circle], circle, "", None)
            try:
                self._identity = self._identify()
            except EvaluationError:
                self._identity = None
                raise
        return self._identity

    def _identify(self) -> tuple[str, list[str], str, str, Unknown | None]:
        declaration, target = self.declaration, self.deployment.target
        raw_type, name = evaluate(declaration.type, self.frame), evaluate(declaration.name, self.frame)
        full_type = _type_of(raw_type, is_child=self.parent is not None)
        if not isinstance(name, (str, Unknown)):
            fault = EvaluationError("a resource wants a name that is a string", by_value=True)
            name = self.frame.scope.faulted(fault, declaration.name.at)
        why = first_unknown((name, raw_type))
        if self.parent is not None:
            full_type, names = _below(self.parent, full_type, name)
            kinds = full_type.split("/")[1:]
            own = len(self.parent.names)
            steps = "".join(f"/{kind}/{segment}" for kind, segment in zip(kinds[own:], names[own:], strict=False))
            if _PROVIDERS.strip("/") not in [kind.lower() for kind in kinds]:
                return (
                    full_type,
                    names,
                    self.parent.id + steps,
                    self.parent.extends,
                    why or self.parent._identified()[4],
                )
            name = Token("/".join(names), why.reason, why.origin) if why is not None else "/".join(names)
        base = ""
        if declaration.scope is not None:
            value = evaluate(declaration.scope, self.frame)
            why = why or first_unknown((value,))
            base = scope_id(value, target)
            container = target.moved(base)
            extends = base if _PROVIDERS in base or full_type.lower() in _EXTENSIONS else ""
            if not extends:
                base = container.id
        elif _PROVIDERS in full_type.lower():
            return self._old_extension(full_type, name, why)
        else:
            base = target.id
            extends = base if full_type.lower() in _EXTENSIONS else ""
        names = names_of(name, full_type.count("/"))
        if full_type.lower() == "microsoft.resources/resourcegroups":
            base = target.of_kind("subscription").id if declaration.scope is None else base
        return full_type, names, resource_id(base, full_type, names), extends, why

    def _old_extension(
        self, full_type: str, name: Any, why: Unknown | None
    ) -> tuple[str, list[str], str, str, Unknown | None]:
        """Read ``Microsoft.A/b/providers/locks`` with the name ``b/Microsoft.Authorization/lock``."""
        at = full_type.lower().index(_PROVIDERS)
        outer, kind = full_type[:at], full_type[at + len(_PROVIDERS) :]
        segments = names_of(name, 0)
        count = outer.count("/")
        namespace = segments[count] if len(segments) > count + 1 else _NAMESPACES.get(kind.lower(), "{namespace}")
        names = segments[count + 1 :] if len(segments) > count + 1 else [segments[-1]]
        outer_names = segments[:count] if len(segments) > count else names_of(name, count)
        base = resource_id(self.deployment.target.id, outer, outer_names)
        inner = f"{namespace}/{kind}"
        return inner, names, resource_id(base, inner, names), base, why


def _type_of(value: Any, *, is_child: bool) -> str:
    """Return a resource type without its API version. Raises :class:`EvaluationError` where it is none."""
    if isinstance(value, Unknown):
        raise EvaluationError(f"the type of a resource is not known: {value.reason}")
    text = value.split("@")[0].strip("/") if isinstance(value, str) else ""
    if len(text) > _MAX_TYPE or not _TYPE.match(text) or not (is_child or "/" in text):
        raise EvaluationError(
            f"'{text_of(value)[:80]}' is no resource type, such as 'Microsoft.Storage/storageAccounts'"
        )
    return text


def _below(parent: ResourceInstance, own_type: str, name: Any) -> tuple[str, list[str]]:
    """Return full type and name of a child; its type and name may be full already."""
    is_full = own_type.lower().startswith(f"{parent.type.lower()}/")
    full_type = own_type if is_full else f"{parent.type}/{own_type}"
    count = full_type.count("/")
    if is_full and text_of(name).count("/") == count - 1:
        return full_type, names_of(name, count)
    return full_type, [*parent.names, *names_of(name, max(count - len(parent.names), 1))]


class ModuleInstance:
    """One round of a nested deployment."""

    __slots__ = ("_child", "_name", "_target", "condition", "declaration", "frame", "owner", "round")

    def __init__(
        self, owner: "Deployment", declaration: ModuleDeclaration, frame: Frame, round_: int | str | None
    ) -> None:
        self.owner = owner
        self.declaration = declaration
        self.frame = frame
        self.round = round_
        self._name: Any = ABSENT
        self._target: Target | None = None
        self._child: Deployment | Missing | None = None
        self.condition: Any = None
        """True, False or an Unknown; set by the deployment."""

    @property
    def name(self) -> Any:
        """Name of the deployment, as a value."""
        if self._name is ABSENT:
            symbol = self.declaration.symbol
            self._name = Token(braced(f"deployment {symbol}"), "the name of the deployment is generated", symbol)
            if self.declaration.name is not None:
                self._name = evaluate(self.declaration.name, self.frame)
        return self._name

    @property
    def label(self) -> str:
        """What it is called: by its symbolic name, or its name."""
        base = self.declaration.symbol or segment(text_of(self.name).replace("/", "|"))
        return base if self.round is None or not self.declaration.symbol else f"{base}[{self.round}]"

    @property
    def target(self) -> Target:
        """Where it is deployed to."""
        if self._target is None:
            self._target = self._find_target()
        return self._target

    @property
    def id(self) -> str:
        """The id of the deployment."""
        return resource_id(self.target.id, _DEPLOYMENTS, [segment(text_of(self.name).replace("/", "|"))])

    def _find_target(self) -> Target:
        declaration, target = self.declaration, self.owner.target
        if declaration.scope is not None:
            return target.moved(scope_id(evaluate(declaration.scope, self.frame), target))
        if declaration.management_group is not None:
            group = text_of(evaluate(declaration.management_group, self.frame))
            return target.moved(f"/providers/Microsoft.Management/managementGroups/{group}")
        if declaration.subscription is None and declaration.resource_group is None:
            return target
        subscription = target.subscription
        if declaration.subscription is not None:
            subscription = text_of(evaluate(declaration.subscription, self.frame))
        identifier = f"/subscriptions/{subscription}"
        if declaration.resource_group is not None:
            identifier += f"/resourceGroups/{text_of(evaluate(declaration.resource_group, self.frame))}"
        return target.moved(identifier)

    def child(self) -> "Deployment | Missing":
        """Return what it deploys, read and started now where it was not before."""
        if self._child is None:
            self._child = Missing("the deployment needs itself", incomplete=True)
            self._child = self.owner.start(self)
        return self._child

    def reference(self) -> ModuleReference:
        """Return what an expression gets that names it."""
        return ModuleReference(self, wrapped=False)

    def release(self) -> None:
        """Forget what it deploys."""
        self._child = None

    def output(self, name: str) -> Any:
        """Return an output; :data:`ABSENT` where it is not declared."""
        child = None if self.declaration.existing else self.child()
        if child is None or isinstance(child, Missing):
            reason = child.reason if child is not None else "it is an output of another deployment"
            return Token(braced(f"{self.label}.outputs.{name}"), reason, f"{self.label}.outputs.{name}"[:200])
        return child.output(name)

    def output_type(self, name: str) -> Any:
        """Return the type that an output declares."""
        child = self.child()
        return child.output_type(name) if not isinstance(child, Missing) else unknown_call("type", (self.reference(),))
