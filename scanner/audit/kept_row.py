"""A Resource as the first phase keeps it for the second: made by the worker, only passed on and stored by the driver.

What is looked up stands in columns of its own. A pickled Resource names its classes each time; without them it is read
in less than half the time, and every Resource of an estate is read more than once.
"""

import pickle
from collections.abc import Sequence
from dataclasses import astuple
from functools import lru_cache
from typing import Any, TypeAlias

from scanner.inventory import declared_id
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.tenancy import Standing, Tenancy

FIELDS = ("type", "cluster", "namespace", "name", "tenant", "declares", "key", "tenancy", "content")
"""Columns of a row. ``declares``: see :func:`scanner.inventory.declared_id`; ``tenancy``: the fields of its Tenancy;
``content``: its attributes, the paths of what is unknown, and the fields of its Origin."""

KeptRow: TypeAlias = tuple[str, str, str, str, str | None, str | None, str, bytes, bytes]
"""One Resource, reduced to what the second phase reads: plain, since most of what processes exchange are these."""


def key_of(row: KeptRow) -> str:
    """Return the key of the Resource that a row was made of."""
    return row[6]


def row_of(resource: Resource) -> KeptRow:
    """Return what is kept of ``resource``."""
    origin = resource.origin
    place = (
        origin.kind,
        origin.file,
        origin.document,
        origin.base,
        origin.address,
        origin.locate,
        origin.page,
        origin.declared,
    )
    return (
        resource.type,
        resource.cluster,
        resource.namespace,
        resource.name,
        resource.tenancy.tenant,
        declared_id(resource),
        resource.key,
        _tenancy_row(resource.tenancy),
        pickle.dumps((resource.attributes, resource.unknowns, place), 5),
    )


def resource_of(row: Sequence[Any]) -> Resource:
    """Return the Resource that a row was made of; ``row`` has the fields of a :data:`KeptRow`, written by us."""
    type_, cluster, namespace, name, _, _, key, tenancy, content = row
    attributes, unknowns, place = pickle.loads(content)
    return Resource(key, type_, attributes, Origin(*place), cluster, namespace, name, _tenancy_of(tenancy), unknowns)


@lru_cache(500)
def _tenancy_row(tenancy: Tenancy) -> bytes:
    standing, *others = astuple(tenancy)
    return pickle.dumps((str(standing), *others), 5)


@lru_cache(500)
def _tenancy_of(row: bytes) -> Tenancy:
    standing, *others = pickle.loads(row)
    return Tenancy(Standing(standing), *others)
