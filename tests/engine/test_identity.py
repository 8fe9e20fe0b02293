from scanner.engine.identity import fingerprint, tag_of

WEB, JOB = {"name": "web", "image": "a"}, {"name": "job", "image": "b"}


def test_reordering_a_list_changes_no_tag() -> None:
    before, after = {"containers": [WEB, JOB]}, {"containers": [JOB, WEB]}
    assert tag_of(before, ("containers", 0, "image")) == tag_of(after, ("containers", 1, "image"))
    assert tag_of(before, ("containers", 0, "image")) == "containers[name=web].image"


def test_elements_without_a_name_are_told_apart_by_their_text() -> None:
    before, after = {"from": [{"a": {}}, {"b": {}}]}, {"from": [{"b": {}}, {"a": {}}]}
    assert tag_of(before, ("from", 0)) == tag_of(after, ("from", 1))
    assert tag_of(before, ("from", 0)) != tag_of(before, ("from", 1))


def test_an_index_that_is_not_there_has_a_tag_all_the_same() -> None:
    assert tag_of({"a": []}, ("a", 3, "b")) == "a[null].b"
    assert tag_of({}, ("a", "b")) == "a.b"


def test_a_fingerprint_is_32_digits_over_rule_resource_and_tag() -> None:
    one = fingerprint("ISO-029", "c/core/Pod/ns/web", "spec")
    assert len(one) == 32
    assert int(one, 16) >= 0
    assert len({one, fingerprint("ISO-030", "c/core/Pod/ns/web", "spec"), fingerprint("ISO-029", "x", "spec")}) == 3


def test_a_naming_key_that_others_share_names_nothing() -> None:
    routes = {"routes": [{"kind": "Rule", "match": "Host(`a`)"}, {"kind": "Rule", "match": "Host(`b`)"}]}
    assert tag_of(routes, ("routes", 0)) != tag_of(routes, ("routes", 1))
    turned = {"routes": list(reversed(routes["routes"]))}
    assert tag_of(routes, ("routes", 0, "match")) == tag_of(turned, ("routes", 1, "match"))
