import time
from datetime import date

from scanner.documents import DEFAULT_LIMITS
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.sources.interface import PageContent
from scanner.sources.manifest_file import FileContext, read_manifest

DEPLOYMENT = """\
# bulkhead:exempt ISO-001 reason="the whole resource"
apiVersion: apps/v1
kind: Deployment # bulkhead:exempt ISO-002
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      # bulkhead:exempt ISO-003,ISO-004 until=2027-01-31 owner=team-x
      # why: nobody knows

      hostNetwork: true
      containers:
        # bulkhead:exempt ISO-005 ticket=OPS-1
        - name: a
          image: nginx   # bulkhead:exempt ISO-006
          args: ["# bulkhead:exempt ISO-007"]
          command: [a, b] # bulkhead:exempt ISO-008
      script: |
        # bulkhead:exempt ISO-009
        x
"""


def read(text: str | bytes, name: str = "a.yaml") -> PageContent:
    data = text.encode() if isinstance(text, str) else text
    context = FileContext(name, "c1", lambda _origin, _path: None, DEFAULT_LIMITS, inline_exemptions=True)
    return read_manifest(data, context)[0]


def covered(content: PageContent) -> list[tuple[str, tuple[str | int, ...], int]]:
    return [(exemption.rules[0], exemption.path, exemption.line) for exemption in content.exemptions]


def test_each_comment_covers_what_starts_there() -> None:
    content = read(DEPLOYMENT)
    assert content.notes == ()
    pod = ("spec", "template", "spec")
    assert covered(content) == [
        ("ISO-001", (), 1),
        ("ISO-002", ("kind",), 3),
        ("ISO-003", (*pod, "hostNetwork"), 10),
        ("ISO-005", (*pod, "containers", 0), 15),
        ("ISO-006", (*pod, "containers", 0, "image"), 17),
        ("ISO-008", (*pod, "containers", 0, "command"), 19),
    ]


def test_windows_line_breaks_and_utf_16() -> None:
    wanted = covered(read(DEPLOYMENT))
    assert covered(read(DEPLOYMENT.replace("\n", "\r\n"))) == wanted
    assert covered(read(DEPLOYMENT.encode("utf-16"))) == wanted


def test_what_an_exemption_holds() -> None:
    exemption = read(DEPLOYMENT).exemptions[2]
    assert exemption == Exemption(
        id="inline:a.yaml:10",
        rules=("ISO-003", "ISO-004"),
        reason="",
        source="inline",
        file="a.yaml",
        line=10,
        owner="team-x",
        expires=date(2027, 1, 31),
        resource="c1/apps/Deployment/shop/web",
        path=("spec", "template", "spec", "hostNetwork"),
    )


POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"


def test_comments_before_and_between_documents() -> None:
    top = read(f"# licence\n# bulkhead:exempt ISO-001\n---\n{POD}---\n# bulkhead:exempt ISO-002\n\n{POD}")
    assert covered(top) == [("ISO-001", (), 2), ("ISO-002", (), 8)]
    assert [exemption.resource for exemption in top.exemptions] == ["c1/core/Pod/-/a"] * 2
    end = read(f"{POD}# bulkhead:exempt ISO-001\n---\n{POD}")
    assert end.exemptions == ()
    reason = "an inline exemption covers nothing: no value of a Kubernetes object starts there"
    assert end.notes == (LedgerEntry("a.yaml", State.SCANNED, reason, 4, 18),)


def test_comments_in_a_list_cover_the_item_they_stand_in() -> None:
    content = read(
        "# bulkhead:exempt ISO-001\napiVersion: v1\nkind: List\nitems: # bulkhead:exempt ISO-002\n"
        "# bulkhead:exempt ISO-003\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n"
        "  spec: {} # bulkhead:exempt ISO-004\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n"
    )
    assert [(e.rules[0], e.resource[-1], e.path) for e in content.exemptions] == [
        ("ISO-001", "a", ()),
        ("ISO-001", "b", ()),
        ("ISO-002", "a", ()),
        ("ISO-002", "b", ()),
        ("ISO-003", "a", ()),
        ("ISO-004", "a", ("spec",)),
    ]


def test_comments_on_string_data_of_a_secret_cover_its_data() -> None:
    content = read("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  b: c # bulkhead:exempt ISO-001\n")
    assert covered(content) == [("ISO-001", ("data", "b"), 5)]


def test_annotations_cover_the_whole_resource() -> None:
    content = read(
        POD.replace(
            "{name: a}", "\n  name: a\n  annotations:\n    bulkhead/exempt: |\n      ISO-001 owner=x\n\n      ISO-002\n"
        )
    )
    assert covered(content) == [("ISO-001", (), 7), ("ISO-002", (), 9)]
    one_line = read(POD.replace("{name: a}", "{name: a, annotations: {bulkhead/exempt: ISO-003}}"))
    assert covered(one_line) == [("ISO-003", (), 3)]
    in_json = read(
        '{"apiVersion": "v1", "kind": "Pod",\n "metadata": {"name": "a",'
        '"annotations": {"bulkhead/exempt": "ISO-1\\nISO-2"}}}',
        "a.json",
    )
    assert covered(in_json) == [("ISO-1", (), 2), ("ISO-2", (), 2)]


def test_malformed_ones_are_noted_where_they_stand() -> None:
    content = read(f"# bulkhead:exempt ISO-001 until=soon\n{POD}spec: {{}} #bulkhead:exempt\n")
    assert content.exemptions == ()
    assert [(note.input, note.state, note.line, note.column, note.incomplete) for note in content.notes] == [
        ("a.yaml", State.SCANNED, 1, 27, False),
        ("a.yaml", State.SCANNED, 5, 26, False),
    ]
    assert content.notes[0].reason.startswith("cannot read inline exemption: field 'until' is no date; expected RULE")
    assert content.notes[1].reason.startswith("cannot read inline exemption: it names no rule; expected RULE")


def test_only_the_exact_mark_is_an_exemption() -> None:
    content = read(f"# see bulkhead:exempt ISO-001\n# bulkhead:exempted ISO-001\n{POD}# bulkhead: exempt\n")
    assert content.exemptions == ()
    assert content.notes == ()


def test_they_can_be_switched_off() -> None:
    context = FileContext("a.yaml", "", lambda _origin, _path: None, DEFAULT_LIMITS, inline_exemptions=False)
    content, _ = read_manifest(DEPLOYMENT.encode(), context)
    assert content.exemptions == ()


def test_their_number_is_bounded_and_so_is_the_time() -> None:
    started = time.process_time()
    items = "".join(f"- {{apiVersion: v1, kind: Pod, metadata: {{name: a{number}}}}}\n" for number in range(300))
    content = read("# bulkhead:exempt ISO-001\n" * 5000 + "apiVersion: v1\nkind: List\nitems:\n" + items)
    assert len(content.exemptions) == 9_900
    reason = "there are too many inline exemptions; those from here on do not hold"
    assert [(note.reason, note.line) for note in content.notes] == [(reason, 34)]
    malformed = read("# bulkhead:exempt\n" * 5000 + POD)
    assert len(malformed.notes) == 101
    assert time.process_time() - started < 2


def test_what_stands_in_no_object_is_noted() -> None:
    content = read(f"# bulkhead:exempt ISO-001\na: 1 # bulkhead:exempt ISO-002\n---\n{POD}")
    assert content.exemptions == ()
    assert [note.line for note in content.notes] == [1, 2]
    broken = read(f"a: b: c # bulkhead:exempt ISO-001\n---\n{POD}")
    assert [note.line for note in broken.notes] == [1]
