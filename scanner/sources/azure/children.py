"""What Resource Graph lacks, asked for resource by resource and subscription by subscription."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.model.types import AZURE
from scanner.sources.azure.client import ArmClient, Failure
from scanner.sources.azure.live_page import Gap
from scanner.sources.azure.needs import SERVICES, SUBSCRIPTIONS, Call, Plan, Target

NOT_READABLE = "{not readable}"
"""Name of a resource that stands for those that could not be read: nobody knows how many there are."""
_NOT_REGISTERED = frozenset(("MissingSubscriptionRegistration", "SubscriptionNotRegistered"))
_NOT_SUPPORTED = frozenset(("ResourceTypeNotSupported", "ResourceNotSupported"))
_GONE = 404


class Given(NamedTuple):
    """What some calls gave."""

    answers: tuple[bytes, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[LedgerEntry, ...] = ()
    failure: Failure | None = None
    """What makes further calls useless."""


class Children:
    """Makes the calls of a plan."""

    def __init__(self, client: ArmClient, plan: Plan, executor: Executor) -> None:
        """Take an executor of threads: the calls of one page are made side by side."""
        self._client = client
        self._calls = plan.calls
        self._subjects = plan.subjects
        self._executor = executor

    def of_rows(self, rows: Iterable[Mapping[str, Any]]) -> Given:
        """Return what belongs to the resources of a page."""
        return self._all([pair for row in rows for call in self._calls for pair in self._for(call, row)])

    def of_subscriptions(self, ids: Iterable[str]) -> Given:
        """Return what is asked of whole subscriptions, given as ``/subscriptions/…``."""
        calls = [call for call in self._calls if self._is_for_subscriptions(call)]
        return self._all([(call, id_) for id_ in ids for call in calls])

    def _for(self, call: Call, row: Mapping[str, Any]) -> Iterator[tuple[Call, str]]:
        """Yield a call with each id that it is made for, of a resource."""
        type_, id_ = str(row.get("type", "")).lower(), str(row["id"])
        if call.target is Target.SUBJECT:
            of = self._subjects.get(call.type.lower(), frozenset())
            if type_ in of or AZURE.lower() in of:
                yield call, id_
                ordinary, for_files = SERVICES.get(type_, ("", ""))
                if ordinary:
                    yield call, id_ + (for_files if str(row.get("kind")).lower() == "filestorage" else ordinary)
            return
        column, value = call.unless
        if type_ == call.parent and not (column and str(row.get(column)).lower() == value.lower()):
            yield call, id_

    def _is_for_subscriptions(self, call: Call) -> bool:
        if call.target is Target.SUBJECT:
            return SUBSCRIPTIONS in self._subjects.get(call.type.lower(), frozenset())
        return call.target is Target.SUBSCRIPTION

    def _all(self, wanted: Sequence[tuple[Call, str]]) -> Given:
        if not wanted:
            return Given()
        given = [each for one in self._executor.map(lambda pair: list(self._answers(*pair)), wanted) for each in one]
        answers = tuple(each for each in given if isinstance(each, bytes))
        gaps = tuple(each for each in given if isinstance(each, Gap))
        notes = tuple(each for each in given if isinstance(each, LedgerEntry))
        failure = next((each for each in given if isinstance(each, Failure)), None)
        return Given(answers, gaps, notes, failure)

    def _answers(self, call: Call, id_: str) -> Iterator[bytes | Gap | LedgerEntry | Failure]:
        """Yield the pages of one call, or what is to be said in their place."""
        link: str = f"{id_}{call.url}"
        seen: set[str] = set()
        while link:
            seen.add(link)
            reply = self._client.get(link)
            if isinstance(reply, Failure):
                yield from _missing(call, id_, reply)
                return
            yield reply.data
            link = str(reply.value.get("nextLink") or "")
            if link in seen:
                yield _gap(call, id_, "its pages lead in a circle")
                return


def _missing(call: Call, id_: str, failure: Failure) -> Iterator[Gap | LedgerEntry | Failure]:
    """Yield what a failed call means: nothing there, or something that nobody could read."""
    if failure.status == _GONE:
        return
    if call.target is Target.SUBJECT and failure.code in _NOT_SUPPORTED:
        return  # the type has no such settings, so that there are none
    if failure.code in _NOT_REGISTERED:
        reason = "the provider is not registered there, so that there is none"
        yield LedgerEntry(f"{id_}{call.path}", State.SCANNED, reason)
        return
    yield _gap(call, id_, failure.reason)
    if failure.is_final:
        yield failure


def _gap(call: Call, id_: str, reason: str) -> Gap:
    path = call.path if call.single else f"{call.path}/{NOT_READABLE}"
    return Gap(f"{id_}{path}", f"{id_}{call.path}", f"not readable: {reason}", _owner(call, id_), call.type)


def _owner(call: Call, id_: str) -> str:
    """Return the id of the resource that is judged by what a call gives: of a service in one it is that one."""
    if call.target is Target.SUBJECT:
        for service in (service for services in SERVICES.values() for service in services):
            id_ = id_.removesuffix(service)
    return id_
