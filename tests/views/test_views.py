"""The public names of the package."""

import subprocess
import sys
from types import ModuleType

import pytest

import scanner.views


@pytest.mark.parametrize("name", scanner.views.__all__)
def test_every_public_name_is_there_and_no_module_hides_it(name: str) -> None:
    assert not isinstance(getattr(scanner.views, name), ModuleType)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'scanner\.views' has no attribute 'nothing'$"):
        scanner.views.nothing  # noqa: B018 - the access is the test


def test_views_that_no_rule_uses_are_not_loaded() -> None:
    code = "import scanner.views, sys; print(*sorted(m for m in sys.modules if m.startswith('scanner.views')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == ["scanner.views", "scanner.views.pods", "scanner.views.selectors"]
