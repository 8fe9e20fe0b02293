import pickle

from scanner.model.unknown import Unknown, find_unknowns


def test_unknowns_are_found_in_document_order_at_any_depth() -> None:
    deep: object = Unknown("deep")
    for _ in range(5000):
        deep = [deep]
    value = {"b": Unknown("first"), "a": [1, Unknown("second")], "c": deep}
    paths = list(find_unknowns(value))
    assert paths[:2] == [("b",), ("a", 1)]
    assert len(paths[2]) == 5001


def test_an_unknown_equals_by_reason_and_origin_and_can_be_pickled() -> None:
    unknown = Unknown("var.tls has no value", "var.tls")
    assert pickle.loads(pickle.dumps(unknown)) == unknown
    assert unknown != Unknown("var.tls has no value")
    assert len({unknown, Unknown("var.tls has no value", "var.tls")}) == 1
