"""Which live Resource is which declared one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from scanner.model.resource import Resource
from scanner.model.types import ESTATE, is_azure, is_terraform
from scanner.views.azure_ids import is_known, may_be_same, split

_OWN = frozenset((ESTATE, "estate/Estate"))
"""The Estate itself, as a source of its own and as a file among manifests."""


def is_comparable(resource: Resource) -> bool:
    """Whether a control plane has such a thing: an object of a cluster with a name, or a resource of Azure."""
    if is_azure(resource.type):
        return True
    if is_terraform(resource.type) or resource.type in _OWN:
        return False
    group, _, kind = resource.type.partition("/")
    return bool(group and kind and resource.name)


class Declarations:
    """Declared Resources, found by what is live. One thing may be declared more than once, in two languages."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_key: defaultdict[str, list[Resource]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        for resource in resources:
            key = identity(resource)
            if not is_azure(resource.type) or (key and is_known(key)):
                self._by_key[key].append(resource)
            elif key and is_known(name := _last(key)):
                self._by_name[resource.type.lower(), name].append(resource)
            elif key:
                self._by_type[resource.type.lower()].append(resource)

    def certain(self, live: Resource) -> Sequence[Resource]:
        """Return the declarations that are of ``live``."""
        return self._by_key.get(identity(live), ())

    def possible(self, live: Resource) -> list[Resource]:
        """Return the declarations that may be of ``live``: their ids are known in parts only."""
        if not is_azure(live.type):
            return []
        key, type_ = identity(live), live.type.lower()
        candidates = (*self._by_name.get((type_, _last(key)), ()), *self._by_type.get(type_, ()))
        return [one for one in candidates if may_be_same(identity(one), key)]


def identity(resource: Resource) -> str:
    """Return what names the thing itself: the id in lower case, or an object's key; empty where it is not known."""
    if not is_azure(resource.type):
        return resource.key
    id_ = resource.attributes.get("id")
    return id_.rstrip("/").lower() if isinstance(id_, str) else ""


def _last(id_: str) -> str:
    """Return the last segment of an id; a slash in braces separates nothing."""
    return split(id_)[-1] if "{" in id_ else id_.rpartition("/")[2]
