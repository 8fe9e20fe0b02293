import pytest

from scanner.views.selectors import selects
from scanner.views.shapes import found, label_selector, listed, mapping, sequence, text, texts
from tests.views.objects import resource

ANYTHING = [None, True, 7, "x", ["x"], {"x": "y"}, [{}], {"matchLabels": "x"}, {"matchExpressions": {"key": "x"}}]


@pytest.mark.parametrize("value", ANYTHING)
def test_a_value_of_another_shape_is_the_empty_one(value: object) -> None:
    assert mapping(value) == (value if isinstance(value, dict) else {})
    assert sequence(value) == (value if isinstance(value, list) else [])
    assert text(value) == (value if isinstance(value, str) else "")


def test_texts_are_what_is_text() -> None:
    assert texts(["a", 7, None, "b"]) == ["a", "b"]
    assert texts("ab") == []


def test_found_gives_paths_and_values_in_order() -> None:
    route = resource("{apiVersion: networking.k8s.io/v1, kind: Ingress, spec: {rules: [{host: a}, {}, {host: b}, 7]}}")
    assert list(found(route, "spec.rules[*].host")) == [
        (("spec", "rules", 0, "host"), "a"),
        (("spec", "rules", 2, "host"), "b"),
    ]


def test_found_takes_no_mapping_for_a_list() -> None:
    route = resource("{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, spec: {tls: {a: {hosts: [x]}}}}")
    assert list(found(route, "spec.tls[*].hosts[*]")) == []


@pytest.mark.parametrize("value", [*ANYTHING, {"matchExpressions": [{"key": [], "operator": {}, "values": 7}]}])
def test_any_selector_can_be_evaluated(value: object) -> None:
    assert selects(label_selector(value), {"x": "y"}) in (True, False)


def test_a_selector_without_requirements_is_empty() -> None:
    assert label_selector({"matchLabels": {}, "matchExpressions": []}) == {}
    assert label_selector({"matchLabels": {"a": "b"}}) == {"matchLabels": {"a": "b"}}


def test_long_lists_are_cut() -> None:
    assert listed(["b", "a", "b"]) == "a, b"
    assert listed(["c", "b", "a", "d", "e"]) == "a, b, c and 2 more"
