import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.text.masking import holds_secrets, masked


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("password: hunter2", "password: [hidden]"),
        ("  DB_PASSWORD: 'hunter2'", "  DB_PASSWORD: [hidden]"),
        ('  "apiKey": "hunter2", "other": 1', '  "apiKey": [hidden]'),
        ("- --db_password=hunter2", "- --db_password=[hidden]"),
        ("client-secret: hunter2", "client-secret: [hidden]"),
        ("connectionString: Server=x;Pwd=hunter2", "connectionString: [hidden]"),
        ("url: postgres://odoo:hunter2@db/odoo", "url: postgres://odoo:[hidden]@db/odoo"),
        ("ca: -----BEGIN PRIVATE KEY-----", "ca: [hidden]"),
        ("  " + "A" * 76, "  [hidden]"),
        ("blob: " + "QUJD" * 20, "blob: [hidden]"),
        ("env: [{name: TOKEN, value: hunter2}]", "env: [{name: TOKEN, value: [hidden]"),
    ],
)
def test_values_that_look_like_credentials_are_hidden(line: str, shown: str) -> None:
    assert masked([line], 0) == shown


@pytest.mark.parametrize(
    "line",
    [
        "secretName: odoo-tls",
        "automountServiceAccountToken: false",
        "tokens: 3",
        "password: ${DB_PASSWORD}",
        "password: $(DB_PASSWORD)",
        "password: {{ .Values.password }}",
        "password: null",
        "secret:",
        "secretKeyRef: {name: x, key: y}",
        "image: registry/secret:1.0",
        "resources: ['secrets']",
        "key: value",
        "value: visible",
        "url: https://example.org/a@b",
        "hostNetwork: true",
        "token: |",
    ],
)
def test_what_is_no_credential_is_shown_as_it_is(line: str) -> None:
    assert masked([line], 0) == line


def test_the_value_beside_a_telling_name_is_hidden_in_either_order() -> None:
    lines = [
        "- name: DB_PASSWORD",
        "  value: hunter2",
        "- value: hunter3",
        "  name: API_TOKEN",
        "- name: x",
        "  value: y",
    ]

    assert [masked(lines, index) for index in range(6)] == [
        "- name: DB_PASSWORD",
        "  value: [hidden]",
        "- value: [hidden]",
        "  name: API_TOKEN",
        "- name: x",
        "  value: y",
    ]


def test_a_block_of_text_under_a_telling_key_is_hidden() -> None:
    lines = ["data:", "  token: |", "    first", "", "    second", "  other: |-", "    shown"]

    assert [masked(lines, index) for index in range(7)] == [
        "data:",
        "  token: |",
        "    [hidden]",
        "",
        "    [hidden]",
        "  other: |-",
        "    shown",
    ]


def test_a_block_of_text_that_is_the_value_of_a_telling_name_is_hidden() -> None:
    lines = ["- name: PRIVATE_KEY", "  value: |", "    hunter2"]

    assert masked(lines, 2) == "    [hidden]"


@pytest.mark.parametrize("line", ["kind: Secret", '  "kind": "Secret",', "- kind: Secret"])
def test_a_secret_is_recognised(line: str) -> None:
    assert holds_secrets(["a: 1", line])


@pytest.mark.parametrize("line", ["kind: SecretStore", "mankind: Secretive", "secretKind: x", "# Secret"])
def test_what_is_not_a_secret_is_not(line: str) -> None:
    assert not holds_secrets([line])


@given(st.lists(st.text(st.characters(exclude_characters="\n")), min_size=1, max_size=6), st.data())
def test_every_line_can_be_masked(lines: list[str], data: st.DataObject) -> None:
    masked(lines, data.draw(st.integers(0, len(lines) - 1)))


@pytest.mark.parametrize(
    "line",
    [
        "a." * 1_000,
        "a." * 990 + "token",
        "a://" * 500,
        "token" * 400,
        "password-" * 222,
        "A" * 1_999 + "!",
        "a:" * 1_000,
        "x=" * 999,
    ],
)
def test_no_line_takes_long(line: str) -> None:
    started = time.process_time()
    masked([line], 0)

    assert time.process_time() - started < 5, "a pattern that backtracks without bound takes minutes"
