"""A watch goes on after whatever breaks off, and says from when on it may be out of date."""

import threading
from typing import Any

import pytest

from scanner.sources.cluster.client import ClusterClient, Pacing
from scanner.sources.cluster.kinds import NAMESPACES, Kind
from scanner.sources.cluster.listing import RefusedError
from scanner.sources.cluster.watch import Event, EventType, watch
from tests.sources.cluster.fake_cluster import Answer, Asked, FakeCluster, items, refused


def event(type_: str, version: str, name: str = "") -> dict[str, Any]:
    return {"type": type_, "object": {"metadata": {"resourceVersion": version, "name": name}}}


class Script:
    """Lists and watches that are answered in turn; the run stops when all were asked for."""

    def __init__(self, fake: FakeCluster, *answers: Answer) -> None:
        self.fake = fake
        self.left = list(answers)
        self.stop = threading.Event()
        self.waited: list[float] = []
        fake.answers[NAMESPACES.path()] = self._answer

    def _answer(self, _: Asked) -> Answer:
        answer = self.left.pop(0)
        if not self.left:
            self.stop.set()
        return answer

    def run(self, version: str = "") -> list[Event]:
        client = ClusterClient(self.fake.access(), self.fake.pacing)
        pacing = Pacing(sleep=self.waited.append, jitter=lambda: 0.0)
        return list(watch(client, NAMESPACES, version, stop=self.stop, pacing=pacing))

    def versions(self) -> list[str | None]:
        return [one.query.get("resourceVersion") for one in self.fake.asked]


def test_it_begins_with_all_there_is_and_goes_on_with_changes(fake: FakeCluster) -> None:
    script = Script(
        fake,
        items(NAMESPACES, "a", "b"),
        Answer(events=(event("ADDED", "8", "c"), event("BOOKMARK", "9"))),
        Answer(events=(event("DELETED", "10", "a"),)),
    )
    replaced, added, bookmark, deleted = script.run()
    assert (replaced.type, replaced.resource_version) == (EventType.REPLACED, "7")
    assert [one["metadata"]["name"] for one in replaced.objects] == ["a", "b"]
    assert replaced.objects[0]["kind"] == "Namespace"
    assert added == Event(EventType.ADDED, "8", event("", "8", "c")["object"])
    assert bookmark == Event(EventType.BOOKMARK, "9")
    assert (deleted.type, deleted.object["metadata"]["name"]) == (EventType.DELETED, "a")
    assert script.versions() == [None, "7", "9"]
    assert fake.asked[1].query["allowWatchBookmarks"] == "true"
    assert 240 <= int(fake.asked[1].query["timeoutSeconds"]) <= 300
    assert script.waited == [1.0]  # a server that ends every watch at once is not asked in a hurry


def test_it_goes_on_from_a_version(fake: FakeCluster) -> None:
    script = Script(fake, Answer(events=(event("MODIFIED", "43", "a"),)))
    assert [one.type for one in script.run("42")] == [EventType.MODIFIED]
    assert script.versions() == ["42"]


@pytest.mark.parametrize(
    "gone",
    [
        refused(410, "too old resource version"),
        Answer(
            events=(
                {"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old resource version"}},
            )
        ),
    ],
)
def test_410_lists_anew(fake: FakeCluster, gone: Answer) -> None:
    script = Script(fake, gone, items(NAMESPACES, "a"), Answer(events=(event("ADDED", "8"),)))
    lost, replaced, added = script.run("1")
    assert (lost.type, lost.resource_version) == (EventType.LOST, "")
    assert "too old resource version" in lost.reason
    assert (replaced.type, added.type) == (EventType.REPLACED, EventType.ADDED)
    assert script.versions() == ["1", None, "7"]


@pytest.mark.parametrize(
    "broken",
    [
        Answer(events=(event("ADDED", "8", "a"),), is_cut=True),
        Answer(events=(event("ADDED", "8", "a"), b"no json\n")),
        Answer(events=(event("ADDED", "8", "a"), {"type": "ADDED"})),
        Answer(events=(event("ADDED", "8", "a"), {"type": "NEWS", "object": {"metadata": {"resourceVersion": "9"}}})),
        Answer(
            events=(event("ADDED", "8", "a"), {"type": "ERROR", "object": {"code": 500, "message": "etcd is away"}})
        ),
    ],
)
def test_what_breaks_is_taken_up_where_it_broke(fake: FakeCluster, broken: Answer) -> None:
    script = Script(fake, broken, refused(503), refused(403), Answer(events=(event("ADDED", "9"),)))
    assert [one.type.value for one in script.run("7")] == ["ADDED", "LOST", "LOST", "LOST", "ADDED"]
    assert script.versions() == ["7", "8", "8", "8"]
    assert script.waited[:3] == [0.5, 1.0, 2.0]


def test_an_event_in_pieces_is_one(fake: FakeCluster) -> None:
    whole = b'{"type":"ADDED","object":{"metadata":{"resourceVersion":"8"}}}\n'
    fake.answers[NAMESPACES.path()] = Answer(events=(whole[:9], whole[9:40], whole[40:] + whole))
    stop = threading.Event()
    seen = []
    for one in watch(ClusterClient(fake.access()), NAMESPACES, "7", stop=stop):
        seen.append(one.type)
        if len(seen) == 2:
            stop.set()
    assert seen == [EventType.ADDED] * 2
    assert len(fake.asked) == 1


def test_refused_credentials_end_it(fake: FakeCluster) -> None:
    script = Script(fake, items(NAMESPACES), refused(401), refused(401), refused(401))
    with pytest.raises(RefusedError):
        script.run()


def test_a_list_that_fails_is_tried_again(fake: FakeCluster) -> None:
    script = Script(fake, refused(403), items(NAMESPACES, "a"), Answer(events=(event("ADDED", "8"),)))
    assert [one.type.value for one in script.run()] == ["LOST", "REPLACED", "ADDED"]


def test_secrets_are_watched_without_their_values(fake: FakeCluster) -> None:
    secrets = Kind("", "v1", "secrets", "Secret")
    stop = threading.Event()
    fake.answers[secrets.path()] = Answer(events=(event("ADDED", "8"),))
    for _ in watch(ClusterClient(fake.access()), secrets, "7", stop=stop):
        stop.set()
    assert fake.asked[0].headers["Accept"] == "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
