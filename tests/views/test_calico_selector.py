import re

import pytest

from scanner.views.calico_selector import selected

LABELS = {"app": "web", "projectcalico.org/name": "shop"}


@pytest.mark.parametrize(
    ("selector", "answer"),
    [
        ("", True),
        ("all()", True),
        ("global()", False),
        ("has(app)", True),
        ("!has(app)", False),
        ("app == 'web'", True),
        ('app != "web"', False),
        ("other != 'x'", True),
        ("other == 'x'", False),
        ("app in {'web', 'api'}", True),
        ("app not in {}", True),
        ("other not in {'x'}", True),
        ("app contains 'e'", True),
        ("app starts with 'we'", True),
        ("app ends with 'we'", False),
        ('has(projectcalico.org/name) && projectcalico.org/name not in {"kube-system", "traefik"}', True),
        ("app == 'x' || (app == 'web' && !has(other))", True),
    ],
)
def test_selectors(selector: str, answer: bool) -> None:
    assert selected(selector, LABELS) is answer


@pytest.mark.parametrize(
    ("selector", "answer"),
    [
        ("all()", True),
        ("has(other)", None),
        ("other != 'x'", None),
        ("app == 'web' || has(other)", True),
        ("app == 'x' && has(other)", False),
    ],
)
def test_a_label_that_is_not_known_may_have_any_value(selector: str, answer: bool | None) -> None:
    assert selected(selector, LABELS, complete=False) is answer


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("app ==", "unexpected the end"),
        ("app == web", "expected a value in quotes, found 'web'"),
        ("app like 'x'", "unexpected 'like' at offset 4; expected == or != or in or not or contains or starts or ends"),
        ("app not 'x'", "unexpected \"'x'\" at offset 8; expected in"),
        ("app in {'x' 'y'}", "unexpected \"'y'\" at offset 12; expected ,"),
        ("has(app", "unexpected the end; expected )"),
        ("app = 'x'", "unexpected '=' at offset 4"),
    ],
)
def test_what_cannot_be_read_says_why(selector: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        selected(selector, LABELS)
