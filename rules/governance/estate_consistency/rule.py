from collections.abc import Iterator
from datetime import datetime

from scanner import Resource
from scanner.estate import consistency, estate_of
from scanner.model.resource import Fault


def check(resource: Resource, now: datetime) -> Iterator[Fault]:
    for found in consistency(estate_of(resource.attributes), now.date()):
        if not found.warning:
            yield resource.fail(f"{found.subject}: {found.message}", at=found.path)
