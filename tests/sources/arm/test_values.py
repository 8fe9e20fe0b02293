import pickle
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.arm import values
from scanner.sources.arm.values import Budget, EvaluationError, Masked, Token, braced, either, joined, same, settled

NAME = Token("{parameters.name}", "parameter 'name' has no value", "parameters('name')")
ID = Token("/subscriptions/{subscription}/resourceGroups/rg", "resourceGroup().id: it is not known")


def test_joined_texts_keep_what_is_known() -> None:
    token = joined(["st", NAME, "prod"])

    assert token.text == "st{parameters.name}prod"
    assert (token.reason, token.origin) == (NAME.reason, NAME.origin)
    assert joined(["a", "b"]) == "ab"


def test_a_token_is_one_segment_of_an_id() -> None:
    assert braced("a/b{c}") == "{a|bc}"
    assert braced("x" * 500) == braced("x" * 500)
    assert braced("x" * 500) != braced("x" * 501)
    assert len(braced("x" * 500)) < 130


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        (NAME, NAME, True),
        (NAME, "x", None),
        (NAME, None, None),
        (joined(["st", NAME]), "kv1", False),
        (joined(["st", NAME]), "st1", None),
        (joined([NAME, "-prod"]), "x-test", False),
        (joined(["st", NAME]), 5, False),
        ([1, NAME], [2, NAME], False),
        ([1, NAME], [1, "x"], None),
        ([1, NAME], [1, NAME], True),
        ({"a": NAME}, {"b": NAME}, False),
        (1, True, False),
        (1, 1.0, True),
    ],
)
def test_equality_has_three_answers(first: Any, second: Any, result: bool | None) -> None:
    assert same(first, second) is result
    assert same(second, first) is result


def test_of_two_cases_what_both_say_is_known() -> None:
    either_ = either({"a": 1, "b": [1, 2]}, {"a": 1, "b": [1, 3], "c": 4}, NAME)

    assert either_["a"] == 1
    assert either_["b"][0] == 1
    assert isinstance(either_["b"][1], Unknown)
    assert either_["c"].reason == f"it is there only in one case: {NAME.reason}"


def test_ids_become_text_in_a_resource_and_other_tokens_stay() -> None:
    assert settled({"id": ID, "list": [NAME]}, Budget(100)) == {"id": ID.text, "list": [NAME]}


def test_a_budget_ends() -> None:
    with pytest.raises(EvaluationError, match="more than 10 values"):
        settled([[0] * 20], Budget(10))


def test_a_value_that_is_shared_is_weighed_as_often_as_it_stands() -> None:
    value: Any = [0]
    for _ in range(40):
        value = [value, value]

    with pytest.raises(EvaluationError, match=f"more than {values.MAX_WEIGHT} members"):
        Budget(10**9).weigh(value)


def test_secrets_stay_secret_and_go_first() -> None:
    secret = Masked("{parameters.password}", "parameter 'password' is secure")

    assert isinstance(joined(["a", NAME, secret]), Masked)
    assert isinstance(secret.member("x"), Masked)


@pytest.mark.parametrize("token", [NAME, Masked("{x}", "y")])
def test_tokens_can_be_pickled(token: Token) -> None:
    copy = pickle.loads(pickle.dumps(token))

    assert (type(copy), copy.text, copy.reason) == (type(token), token.text, token.reason)
