"""What a comparison with a declaration has to be allowed to read: as a Rule that asks for it."""

from dataclasses import replace

from scanner.drift.findings import RULES
from scanner.drift.matching import is_comparable
from scanner.drift.model import DriftClass
from scanner.model.rule import Rule
from scanner.model.types import AZURE, is_azure
from scanner.points.inputs import source_of
from scanner.points.request import Request


def asking_rule(request: Request) -> Rule:
    """Return the Rule of drift as it looks at all kinds that ``request`` declares, and at all of Azure if any is.

    Whatever stands beside what is declared may be declared nowhere, so Azure is read as a whole; who changed it is
    told to whoever may read it. Raises UsageError for a path that is not there.
    """
    pages = source_of(request, None).pages()
    types = {one.type for page in pages for one in page.read().resources if is_comparable(one)}
    kinds = {AZURE if is_azure(type_) else type_ for type_ in types}
    return replace(RULES[DriftClass.CHANGED], applies_to=tuple(sorted(kinds)), points=("audit",))
