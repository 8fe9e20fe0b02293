"""A live cluster as a Source: every kind that a selected Rule needs, page by page, and an entry for what is missing."""

from collections.abc import Iterable, Iterator, Sequence

from scanner.errors import ClusterError
from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.sources.cluster.access import Access
from scanner.sources.cluster.answers import ApiError
from scanner.sources.cluster.client import ClusterClient, Pacing
from scanner.sources.cluster.discovery import Discovered, discover, needed
from scanner.sources.cluster.kinds import NAMESPACES, SECRET, Kind
from scanner.sources.cluster.listing import Gap, ListPage, RefusedError, list_pages
from scanner.sources.cluster.live_page import LivePage, without_values
from scanner.sources.cluster.objects import Place
from scanner.sources.cluster.trimming import NOTHING_READ, Trimming
from scanner.sources.interface import Page, Source

_SHOWN_NAMESPACES = 5


class LiveCluster(Source):
    """The objects of one cluster, read through its API.

    Nothing is asked before ``pages`` or ``places``; one page is held at a time, but for the Namespaces, which are kept.
    """

    kind = "cluster"

    def __init__(
        self,
        name: str,
        access: Access,
        types: Iterable[str],
        trimming: Trimming = NOTHING_READ,
        *,
        namespaces: Sequence[str] = (),
        pacing: Pacing | None = None,
    ) -> None:
        """Take the name of the cluster as the Estate has it, and what is needed of it.

        ``types`` and ``trimming`` follow from the selected Rules (``permissions.needed_types``,
        ``trimming.trimming_for``). Where a kind may not be listed for the whole cluster ``namespaces`` are tried one by
        one; where none are named, those that the cluster has.
        """
        self._name = name
        self._access = access
        self._types = frozenset(types)
        self._trimming = trimming
        self._namespaces = tuple(namespaces)
        self._pacing = pacing
        self._client: ClusterClient | None = None
        self._places: list[LivePage] | None = None
        self._entries: dict[LedgerEntry, None] = {}

    @property
    def cluster(self) -> str:
        """Name of the cluster as the Estate has it."""
        return self._name

    @property
    def title(self) -> str:
        """What the ledger calls the cluster: ``cluster NAME``."""
        return f"cluster {self._name}"

    def pages(self) -> Iterator[Page]:
        """Yield a page for some hundred objects of every needed kind, Namespaces first."""
        client = self._connect()
        if client is None:
            return
        left: list[Kind] = [NAMESPACES]
        try:
            discovered = discover(client, {_group(type_) for type_ in self._types})
            left = list(needed(discovered.kinds, self._types))
            self._note_discovered(discovered, left)
            yield from self._places_of(client)
            left.pop(0)
            while left:
                yield from self._kind(client, left[0])
                left.pop(0)
        except ApiError as error:
            self._give_up(f"the server does not say what it serves ({error.reason})", [], error.status, self._types)
        except RefusedError as error:
            self._give_up(f"the server refuses the credentials, renewed ones too ({error})", left, 401)
        except _SilentError as error:
            self._give_up(f"the server does not answer any more ({error})", left[1:], 0)

    def of_types(self, types: Iterable[str], trimming: Trimming) -> Iterator[Page]:
        """Yield, asked for once more, the pages of ``types``, with what ``trimming`` leaves of them."""
        access, namespaces = self._access, self._namespaces
        again = LiveCluster(self._name, access, types, trimming, namespaces=namespaces, pacing=self._pacing)
        return again.pages()

    def places(self) -> Iterator[Page]:
        """Yield the pages of Namespaces; ``pages`` yields the same ones again without asking twice."""
        client = self._connect()
        if client is None:
            return
        try:
            yield from self._places_of(client)
        except RefusedError as error:
            self._give_up(
                f"the server refuses the credentials, also after they were renewed ({error})", [NAMESPACES], 401
            )
        except _SilentError as error:
            self._give_up(f"the server does not answer ({error})", [], 0)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what could not be read, and what the cluster does not serve."""
        return tuple(self._entries)

    def unseen_types(self) -> frozenset[str]:
        """Return the types of which something may be missing, so that nothing follows from not finding it.

        Complete once ``pages`` is exhausted. Kinds that the cluster does not serve are not among them.
        """
        return frozenset(type_ for entry in self._entries if entry.unseen is not None for type_ in entry.unseen.types)

    def listed_types(self) -> frozenset[str]:
        """Return the types of which nothing is there but what ``pages`` yielded. Complete once that is exhausted."""
        return self._types - self.unseen_types()

    def _connect(self) -> ClusterClient | None:
        if self._client is None:
            try:
                self._client = ClusterClient(self._access, self._pacing)
            except ClusterError as error:
                self._note("", State.UNREACHABLE, str(error), lacking=self._types)
                return None
            if not self._client.is_verified:
                self._note("connection", State.SCANNED, _NOT_VERIFIED)
        return self._client

    def _places_of(self, client: ClusterClient) -> Iterator[LivePage]:
        if self._places is None:
            self._places = [page for page in self._kind(client, NAMESPACES) if isinstance(page, LivePage)]
        yield from self._places

    def _kind(self, client: ClusterClient, kind: Kind) -> Iterator[LivePage]:
        """Yield the pages of a kind; where the whole of it is forbidden, those of single namespaces."""
        for page in self._list(client, kind, ""):
            if isinstance(page, LivePage):
                yield page
            elif page.status == 403 and page.number == 1 and kind.namespaced:
                yield from self._by_namespace(client, kind, page)
            else:
                self._note_gap(kind, "", page)

    def _by_namespace(self, client: ClusterClient, kind: Kind, forbidden: Gap) -> Iterator[LivePage]:
        known = self._namespaces or tuple(name for page in self._places or () for name in page.names())
        refused = []
        for namespace in known:
            for page in self._list(client, kind, namespace):
                if isinstance(page, LivePage):
                    yield page
                elif page.status == 403 and page.number == 1:
                    refused.append(namespace)
                else:
                    self._note_gap(kind, namespace, page)
        if len(refused) == len(known):
            self._note_gap(kind, "", forbidden)
        elif refused:
            shown = ", ".join(refused[:_SHOWN_NAMESPACES])
            more = f" and {len(refused) - _SHOWN_NAMESPACES} more" if len(refused) > _SHOWN_NAMESPACES else ""
            reason = f"forbidden in {len(refused)} of {len(known)} namespaces: {shown}{more}"
            reason += f"; {_right(kind)} is missing there"
            self._note(kind.label, State.PARTIAL, reason, lacking=(kind.type,))
        else:
            reason = f"read namespace by namespace ({len(known)}): forbidden for the whole cluster"
            self._note(kind.label, State.SCANNED, reason)

    def _list(self, client: ClusterClient, kind: Kind, namespace: str) -> Iterator[LivePage | Gap]:
        for page in list_pages(client, kind, namespace):
            if isinstance(page, ListPage):
                data = without_values(page.data) if kind.type == SECRET else page.data
                yield LivePage(self._place(kind, namespace, page.number), kind, data) if data else _unreadable(page)
                continue
            yield page
            if page.status == 0 and page.incomplete:
                self._ask_for_life(client)

    def _ask_for_life(self, client: ClusterClient) -> None:
        """Raise _SilentError where the server gives no answer at all, so that not every kind is waited for."""
        try:
            client.get("/version")
        except ApiError as error:
            if error.status == 401:
                raise RefusedError(error.reason) from error
            if error.status == 0:
                raise _SilentError(error.reason) from error

    def _place(self, kind: Kind, namespace: str, number: int) -> Place:
        input_ = f"{self.title}: {_in(kind.label, namespace)}"
        return Place(self._name, input_, f"{input_}, page {number}" if number > 1 else input_, self._trimming)

    def _note_discovered(self, discovered: Discovered, asked: Sequence[Kind]) -> None:
        missing = {one.group for one in discovered.missing}
        served = {kind.type for kind in asked}
        for one in discovered.missing:
            lacking = {type_ for type_ in self._types - served if _group(type_) == one.group}
            reason = one.reason if lacking else f"{one.reason}; no selected rule needs more of it"
            self._note(one.group or "core", State.UNREACHABLE, reason, lacking=lacking)
        for type_ in sorted(self._types - served):
            if _group(type_) not in missing:
                self._note(type_, State.SCANNED, "the cluster does not serve this kind")
        count = len(discovered.kinds)
        self._note(
            "", State.SCANNED, f"it serves {count} kinds that can be listed; the selected rules need {len(asked)}"
        )

    def _note_gap(self, kind: Kind, namespace: str, gap: Gap) -> None:
        """Note it under a name that no page has: the ledger keeps what pages say of themselves."""
        where = f", page {gap.number}" if gap.number > 1 else ""
        lacking = (kind.type,) if gap.incomplete else ()
        reason = gap.reason + (f"; {_right(kind)} is missing" if gap.status == 403 else "")
        self._note(_in(kind.label, namespace) + where, gap.state, reason, lacking=lacking)

    def _give_up(self, reason: str, left: Sequence[Kind], status: int, lacking: Iterable[str] = ()) -> None:
        self._entries = {entry: None for entry in self._entries if entry.input != self.title}
        self._note("", State.UNREACHABLE, f"cannot go on: {reason}", lacking=lacking, incomplete=True)
        for kind in left:  # of the first some may have been read; no page has this name
            self._note(f"{kind.label}, the rest", State.UNREACHABLE, _GAVE_UP[status], lacking=(kind.type,))

    def _note(
        self, what: str, state: State, reason: str, *, lacking: Iterable[str] = (), incomplete: bool = False
    ) -> None:
        """Add an entry; one for which something is ``lacking`` of some types makes the run incomplete."""
        name = f"{self.title}: {what}" if what else self.title
        types = tuple(sorted(lacking))
        unseen = Unseen((self._name,), types) if types else None
        self._entries[LedgerEntry(name, state, reason, incomplete=incomplete or bool(types), unseen=unseen)] = None


_NOT_VERIFIED = "anyone could have answered: the kubeconfig asks for no proof of who the server is"
_GAVE_UP = {401: "not read: the server refuses the credentials", 0: "not read: the server does not answer"}


class _SilentError(Exception):
    """The server gives no answer to anything."""


def _unreadable(page: ListPage) -> Gap:
    return Gap(page.number, State.UNPARSED, "the server's answer is no JSON, so that no values can be taken out of it")


def _right(kind: Kind) -> str:
    """Return the right to list a kind as ``kubectl auth can-i`` and roles name it."""
    return f"the right to list {kind.plural}.{kind.group}" if kind.group else f"the right to list {kind.plural}"


def _in(label: str, namespace: str) -> str:
    return f"{label} in {namespace}" if namespace else label


def _group(type_: str) -> str:
    group = type_.rpartition("/")[0]
    return "" if group == "core" else group
