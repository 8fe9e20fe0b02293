import pytest

from scanner.canonical.functions import FUNCTIONS
from scanner.model.unknown import Unknown

WHY = Unknown("why")
KEY = {"keyname": "k", "keyvaulturi": "https://kv.vault.azure.net/"}


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("after_underscore", "GP_Standard_D2s_v3", "Standard_D2s_v3"),
        ("after_underscore", "Basic", "Basic"),
        ("before_underscore", "GP_Standard_D2s_v3", "GP"),
        ("comma_list", ["Logging", "Metrics"], "Logging, Metrics"),
        ("comma_list", ["Logging", WHY], WHY),
        ("comma_list", "None", "None"),
        ("semicolon_list", ["SMB3.0", "SMB3.1.1"], "SMB3.0;SMB3.1.1"),
        ("days", 7, "P7D"),
        ("days", "P7D", "P7D"),
        ("hours", "12", "PT12H"),
        ("minutes", 5, "PT5M"),
        ("epoch", "2026-01-01T00:00:00Z", 1767225600),
        ("epoch", "2026-01-01T00:00:00", 1767225600),
        ("epoch", "soon", "soon"),
        ("first", ["a", "b"], "a"),
        ("first", [], None),
        ("first", "a", "a"),
        ("gigabytes", 32768, 32),
        ("gigabytes", "65536", 64),
        ("json", '{"a": 1}', {"a": 1}),
        ("json", "{", Unknown("the text is not JSON")),
        ("json", {"a": 1}, {"a": 1}),
        ("key_url", "https://kv.vault.azure.net/keys/k/v1", {**KEY, "keyversion": "v1"}),
        ("key_url", "https://kv.vault.azure.net/keys/k", KEY),
        ("key_url", "k", "k"),
        ("list", "a", ["a"]),
        ("list", ["a"], ["a"]),
        ("lower", "Aa", "aa"),
        ("upper", "Aa", "AA"),
    ],
)  # fmt: skip
def test_each_function(name: str, value: object, result: object) -> None:
    assert FUNCTIONS[name](value) == result


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("value", [None, 1, 1.5, True, "", "x", "²", "9" * 5000, [], {}, ["x"], {"a": 1}])
def test_no_function_raises_whatever_the_input_holds(name: str, value: object) -> None:
    FUNCTIONS[name](value)
