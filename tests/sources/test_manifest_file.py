from typing import Any

import pytest

from scanner.documents import DEFAULT_LIMITS
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin, Region
from scanner.model.unknown import Unknown
from scanner.sources.interface import PageContent
from scanner.sources.manifest_file import FileContext, read_manifest, region

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n"
BROKEN = "apiVersion: v1\nkind: Pod\nmetadata: a: b\n"


def read(text: str | bytes, name: str = "a.yaml", **changes: Any) -> PageContent:
    data = text.encode() if isinstance(text, str) else text
    return read_manifest(data, context(name, **changes))[0]


def context(name: str = "a.yaml", **changes: Any) -> FileContext:
    return FileContext(name, "c1", _nowhere, DEFAULT_LIMITS, inline_exemptions=True)._replace(**changes)


def _nowhere(_: Origin, __: tuple[str | int, ...]) -> None:
    return None


def test_a_resource() -> None:
    (resource,) = read(POD).resources
    assert resource.key == "c1/core/Pod/shop/web"
    assert (resource.type, resource.cluster, resource.namespace, resource.name) == ("core/Pod", "c1", "shop", "web")
    assert resource.attributes["metadata"] == {"name": "web", "namespace": "shop"}
    assert resource.origin == Origin("manifests", "a.yaml", 0, ())
    assert resource.unknowns == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n", "-/apps/Deployment/-/a"),
        ("apiVersion: v1\nkind: Node\nmetadata: {name: a, namespace: b}\n", "-/core/Node/-/a"),
        (
            "---\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n",
            "-/batch/Job/-/generateName:a-@a.yaml#1",
        ),
        (
            "apiVersion: batch/v1\nkind: JobList\nitems: [{metadata: {generateName: a-}}]\n",
            "-/batch/Job/-/generateName:a-@a.yaml#0:items[0]",
        ),
    ],
)
def test_keys_have_a_dash_for_what_is_missing(text: str, key: str) -> None:
    (resource,) = read(text, cluster="").resources
    assert resource.key == key


def test_unknown_values_are_listed() -> None:
    (resource,) = read(f"{POD}spec: {{a: [1, !vault x], b: .inf}}\n").resources
    assert resource.unknowns == (("spec", "a", 1), ("spec", "b"))
    assert resource.value("spec", "a", 1) == Unknown("tag !vault is not resolved")
    (secret,) = read("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {b: c}\n").resources
    assert secret.unknowns == (("data", "b"),)


def test_places_in_a_list_and_in_string_data() -> None:
    secret = "- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n  stringData:\n    b: c\n"
    text = f"apiVersion: v1\nkind: List\nitems:\n{secret}"
    content, documents = read_manifest(text.encode(), context())
    (resource,) = content.resources
    assert region(documents[0], resource.origin, ("data", "b")) == Region(8, 5, 8, 9)
    assert region(documents[0], resource.origin, ("metadata", "name")) == Region(6, 14, 6, 21)
    assert region(documents[0], resource.origin, ("data", "x")) == Region(4, 3, 4, 13)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (POD, LedgerEntry("a.yaml", State.SCANNED, resources=1)),
        (f"---\n{POD}---\n---\n{POD}---\n# end\n", LedgerEntry("a.yaml", State.SCANNED, resources=2)),
        ("", LedgerEntry("a.yaml", State.SCANNED, "it holds no objects")),
        ("# nothing\n---\nnull\n", LedgerEntry("a.yaml", State.SCANNED, "it holds no objects")),
        ("apiVersion: v1\nkind: List\nitems: []\n", LedgerEntry("a.yaml", State.SCANNED, "it holds no objects")),
        ("a: 1\n", LedgerEntry("a.yaml", State.UNSUPPORTED, "no apiVersion and kind", 1)),
        ("metadata: {{ x }}\n", LedgerEntry("a.yaml", State.UNSUPPORTED, "Go template", 1, 12)),
        (
            "a: @\n",
            LedgerEntry(
                "a.yaml",
                State.UNPARSED,
                "while scanning for the next token: found character that cannot start any token",
                1,
                4,
                incomplete=True,
            ),
        ),
        (
            BROKEN,
            LedgerEntry(
                "a.yaml", State.UNPARSED, "mapping values are not allowed in this context", 3, 12, incomplete=True
            ),
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: [a]\n",
            LedgerEntry("a.yaml", State.UNPARSED, "metadata is a list; a mapping is expected", 3, 1, incomplete=True),
        ),
        (
            b"apiVersion: v1\nkind: \xff\n",
            LedgerEntry("a.yaml", State.UNPARSED, "the byte at offset 21 is not UTF-8", 2, 7, incomplete=True),
        ),
        (
            "apiVersion: v1\nkind: Pod\n\tmetadata: {}\n",
            LedgerEntry("a.yaml", State.UNPARSED, "a tab stands where only spaces may indent", 3, 1, incomplete=True),
        ),
    ],
)
def test_a_file_with_one_thing_has_one_entry(text: str | bytes, entry: LedgerEntry) -> None:
    assert read(text).entries == (entry,)


def test_a_stream_with_a_broken_document_is_partial_and_the_others_are_read() -> None:
    content = read(f"{POD}---\n{BROKEN}---\n{POD.replace('web', 'db')}---\na: 1\n")
    assert [resource.name for resource in content.resources] == ["web", "db"]
    assert [resource.origin.document for resource in content.resources] == [0, 2]
    reason = "mapping values are not allowed in this context"
    assert content.entries == (
        LedgerEntry("a.yaml", State.PARTIAL, reason, 7, 12, 2, incomplete=True),
        LedgerEntry("a.yaml#1", State.UNPARSED, reason, 7, 12, incomplete=True),
        LedgerEntry("a.yaml#3", State.UNSUPPORTED, "no apiVersion and kind", 13),
    )


def test_documents_that_are_no_objects_do_not_make_a_file_partial() -> None:
    content = read(f"{POD}---\na: 1\n---\nname: '{{{{ x }}'\nx: {{{{ y }}}}\n")
    assert [(entry.input, entry.state, entry.reason, entry.incomplete) for entry in content.entries] == [
        ("a.yaml", State.SCANNED, "", False),
        ("a.yaml#1", State.UNSUPPORTED, "no apiVersion and kind", False),
        ("a.yaml#2", State.UNSUPPORTED, "Go template", False),
    ]


def test_a_document_that_breaks_off_is_read_and_partial() -> None:
    content = read(f"{POD}  spec: {{}}\n---\n{POD.replace('web', 'db')}")
    assert [resource.name for resource in content.resources] == ["db"]
    cut = read(
        POD.replace("apiVersion", "  apiVersion").replace("kind", "  kind").replace("metadata", "  metadata")
        + "spec: {}\n"
    )
    assert [resource.name for resource in cut.resources] == ["web"]
    reason = "the indentation does not fit what stands above, so the document ends here"
    assert cut.entries == (LedgerEntry("a.yaml", State.PARTIAL, reason, 4, 1, 1, incomplete=True),)


def test_every_malformed_item_of_a_list_is_named() -> None:
    content = read(
        "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- metadata: {}\n- 5\n- metadata: {name: 7}\n"
    )
    assert len(content.resources) == 1
    assert [(entry.input, entry.state, entry.reason, entry.line) for entry in content.entries] == [
        ("a.yaml", State.PARTIAL, "items[1]: metadata.name is missing; and 2 more", 5),
        ("a.yaml#0", State.UNPARSED, "items[1]: metadata.name is missing", 5),
        ("a.yaml#0", State.UNPARSED, "items[2]: a list item is a number; a mapping is expected", 6),
        ("a.yaml#0", State.UNPARSED, "items[3]: metadata.name is a number; text is expected", 7),
    ]


def test_keys_that_are_set_twice_are_notes_with_both_places() -> None:
    content = read(f"{POD}spec:\n  hostNetwork: false\n  hostNetwork: true\n")
    (resource,) = content.resources
    assert resource.value("spec", "hostNetwork") is True
    reason = "key 'hostNetwork' is set twice: first at line 5, column 3; the last one counts"
    assert content.notes == (LedgerEntry("a.yaml", State.SCANNED, reason, 6, 3),)
    assert content.entries == (LedgerEntry("a.yaml", State.SCANNED, resources=1),)


def test_a_template_is_not_mistaken_for_a_manifest_nor_a_manifest_for_a_template() -> None:
    name = POD.replace("web", "'web-{{ x }}'")
    assert [entry.reason for entry in read(name).entries] == ["Go template"]
    alert = POD + "spec: {description: 'on {{ $labels.pod }}'}\n"
    assert len(read(alert).resources) == 1


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        ('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}', State.SCANNED, ""),
        ('{"name": "a"}', State.UNSUPPORTED, "no apiVersion and kind"),
        ("[]", State.UNSUPPORTED, "no apiVersion and kind: a list"),
        (
            '{"compilerOptions": {} // c\n}',
            State.UNSUPPORTED,
            "no apiVersion and kind, and not readable: expecting ',' delimiter",
        ),
        ('{"apiVersion": "v1", "kind": "Pod",}', State.UNPARSED, "expecting property name enclosed in double quotes"),
    ],
)
def test_json_files(text: str, state: State, reason: str) -> None:
    (entry,) = read(text, "a.json").entries
    assert (entry.state, entry.reason, entry.incomplete) == (state, reason, state is State.UNPARSED)


def test_values_never_reach_the_ledger() -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
    for data in (
        "data: {a: hunter2",
        "data: {a: hunter2, a: hunter2}",
        "data:\n\ta: hunter2",
        "data: {b: 1}\nstringData: hunter2",
    ):
        assert "hunter2" not in repr(read(f"{secret}{data}\n"))
    assert "hunter2" not in repr(read(secret.replace("name: a", "name: [hunter2]")))


def test_a_template_that_ends_too_early_and_one_that_is_too_deep() -> None:
    content = read(f'apiVersion: v1\nkind: Pod\nmetadata: "{{{{ x }}}}\n---\n{POD}')
    assert [(entry.input, entry.state, entry.reason) for entry in content.entries] == [
        ("a.yaml", State.SCANNED, ""),
        ("a.yaml#0", State.UNSUPPORTED, "Go template"),
    ]
    (entry,) = read('{"apiVersion": "v1", "kind": "x", "a": ' + "[" * 300 + "]" * 300 + "}", "a.json").entries
    assert (entry.state, entry.reason) == (State.UNPARSED, "the document is nested deeper than 200 levels")
