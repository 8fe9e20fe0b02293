import pytest

from scanner.sources.azure.answers import is_export
from tests.sources.azure.rows import GROUP, SUBSCRIPTION, answer, content, reason, resources, row

A = row("Microsoft.Network/virtualNetworks", "a")
B = row("Microsoft.Network/virtualNetworks", "b")
NEXT = (
    f"https://management.azure.com{SUBSCRIPTION}/providers/Microsoft.Network/virtualNetworks?api-version=1&$skiptoken=x"
)


@pytest.mark.parametrize(
    "document",
    [
        answer(A),
        {"count": 1, "data": [A], "skip_token": None, "total_records": 1},
        [A],
        {"value": [A]},
        A,
        [answer(A)],
        {
            "totalRecords": 1,
            "count": 1,
            "data": {"columns": [{"name": name} for name in A], "rows": [list(A.values())]},
        },
    ],
    ids=["graph", "cli", "rows", "list", "single", "answers", "table"],
)
def test_the_same_resource_comes_out_of_every_shape(document: object) -> None:
    found = resources(document)
    assert found["a"].attributes == resources([A])["a"].attributes
    assert reason(document) == ""


def test_documents_may_follow_each_other() -> None:
    assert set(resources(answer(A), {"value": [B]})) == {"a", "b"}


def test_pages_of_one_query_are_complete_together() -> None:
    first = answer(A, totalRecords=2, **{"$skipToken": "x"})
    assert reason(first, answer(B, totalRecords=2)) == ""
    assert reason(first) == "the pages after a $skipToken are missing"
    assert reason(first, answer(totalRecords=2)) == "1 of 2 rows are there"


def test_pages_of_one_list_are_complete_together() -> None:
    assert reason({"value": [A], "nextLink": NEXT}, {"value": [B]}) == ""
    assert reason({"value": [A], "nextLink": NEXT}) == "the pages after a nextLink are missing"


def test_another_list_does_not_go_on_with_one_that_was_cut_off() -> None:
    other = row("Microsoft.Compute/disks", "d")
    assert reason({"value": [A], "nextLink": NEXT}, {"value": [other]}) == "the pages after a nextLink are missing"


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"resultTruncated": "true"}, "an answer says that it is truncated: resultTruncated is true"),
        ({"resultTruncated": True}, "an answer says that it is truncated: resultTruncated is true"),
        ({"totalRecords": 18}, "1 of 18 rows are there"),
        ({"count": 2}, "an answer says that it has 2 rows and has 1"),
    ],
)
def test_what_an_answer_says_of_itself_is_checked(members: dict[str, object], why: str) -> None:
    assert reason(answer(A, **members)) == why


def test_an_answer_that_is_an_error_is_no_empty_answer() -> None:
    error = {"error": {"code": "AuthorizationFailed", "message": "the client does not have authorization"}}
    assert reason(answer(A), error) == "an answer is an error: AuthorizationFailed"


@pytest.mark.parametrize(
    ("stray", "why"),
    [
        ({"type": "microsoft.network/virtualnetworks", "n": 4}, "a row has no id; project it"),
        ("text", "an item is no object"),
        ({"id": "nothing"}, "a row has an id that is none of a resource"),
    ],
)
def test_what_is_no_resource_is_said(stray: object, why: str) -> None:
    found = content(answer(A, stray))  # type: ignore[arg-type]
    assert [resource.name for resource in found.resources] == ["a"]
    assert found.entries[0].reason == why


def test_a_row_that_was_listed_without_properties_has_unknown_ones() -> None:
    listed = {key: A[key] for key in ("id", "name", "type", "location")}
    assert resources([listed])["a"].unknowns == (("properties",),)
    assert resources([listed, A])["a"].unknowns == ()
    assert resources([A, listed])["a"].unknowns == ()


@pytest.mark.parametrize(
    "value",
    [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "id": GROUP},
        {"value": []},
        {"value": [{"id": "x"}]},
        {"data": [{"id": 3}]},
        {"name": "package", "version": "1.0.0"},
        [],
        "text",
    ],
)
def test_other_json_is_no_export(value: object) -> None:
    assert not is_export([value])
