"""The Source of what Terraform recorded, or of what it saw: Resources of the past, to compare with."""

import os
from collections.abc import Iterator

from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.sources.files import Unreadable, read_bytes
from scanner.sources.interface import Page, PageContent, Source
from scanner.sources.terraform.plan.seen import Seen, read_seen
from scanner.sources.terraform.plan_page import MAX_BYTES
from scanner.sources.terraform.resources import Setting, settle


class TerraformSeen(Source):
    """One plan or state: what was there when Terraform looked."""

    kind = "terraform"

    def __init__(self, path: str) -> None:
        """Take the path of the file."""
        self._path = path

    def pages(self) -> Iterator[Page]:
        """Yield the one page."""
        yield SeenPage(self._path)


class SeenPage(Page):
    """What was there when Terraform looked."""

    def __init__(self, path: str) -> None:
        """Take the path of the file."""
        self._path = path

    @property
    def name(self) -> str:
        """The file as it was named."""
        return self._path

    def read(self) -> PageContent:
        """Read it; what cannot be read is an incomplete entry."""
        seen = seen_by_terraform(self._path)
        resources = resources_of(seen, self._path, recorded=False)
        state = State.PARTIAL if seen.problem and resources else State.UNPARSED if seen.problem else State.SCANNED
        reason = seen.problem or "what Terraform saw when it last looked"
        entry = LedgerEntry(self.name, state, reason, resources=len(resources), incomplete=bool(seen.problem))
        return PageContent(tuple(resources), (entry,))


def seen_by_terraform(path: str) -> Seen:
    """Return what the plan or state at ``path`` says of the past; why it does not is in its problem."""
    data = read_bytes(path, MAX_BYTES)
    return Seen((), (), data.reason) if isinstance(data, Unreadable) else read_seen(data, path)


def resources_of(seen: Seen, path: str, *, recorded: bool) -> list[Resource]:
    """Return the Resources of what was recorded, or of what was there."""
    root = os.path.dirname(path) or "."
    return settle(seen.recorded if recorded else seen.there, Setting(root, "", path, path)).resources
