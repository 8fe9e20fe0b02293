from typing import Any

import pytest

from scanner.formats.sarif.objects import plain
from scanner.formats.sarif.places import artifact, logical, physical
from scanner.model.location import Location, Region
from tests.formats.builder import at


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("deploy/web.yaml", "deploy/web.yaml"),
        ("a b/größe#1?.yaml", "a%20b/gr%C3%B6%C3%9Fe%231%3F.yaml"),
        ("c:d.yaml", "c%3Ad.yaml"),
        ("100%.yaml", "100%25.yaml"),
        ("caf\udce9.yaml", "caf%E9.yaml"),
        ("../other/x.yaml", "../other/x.yaml"),
    ],
)
def test_a_relative_path_is_a_uri_on_the_root(file: str, uri: str) -> None:
    assert plain(artifact(file)) == {"uri": uri, "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize(
    ("file", "uri"), [("/srv/a b.yaml", "file:///srv/a%20b.yaml"), ("C:/x/y.yaml", "file:///C%3A/x/y.yaml")]
)
def test_an_absolute_path_is_a_file_uri(file: str, uri: str) -> None:
    assert plain(artifact(file)) == {"uri": uri}


def test_standard_input_is_no_file_of_the_root() -> None:
    assert plain(artifact("-")) == {"uri": "stdin", "description": {"text": "standard input"}}


@pytest.mark.parametrize(
    ("region", "written"),
    [
        (Region(3, 5, 3, 9), {"startLine": 3, "startColumn": 5, "endColumn": 9}),
        (Region(3, 5, 4, 1), {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 1}),
    ],
)
def test_regions_are_exact(region: Region, written: dict[str, Any]) -> None:
    assert plain(physical(Location("a.yaml", (), region)))["region"] == written


def test_without_a_region_the_first_line_stands_since_services_require_one() -> None:
    assert plain(physical(at("a.yaml")))["region"] == {"startLine": 1}


def test_a_resource_has_its_key_and_its_title() -> None:
    assert plain(logical("c/apps/Deployment/shop/web", "apps/Deployment")) == {
        "name": "Deployment shop/web",
        "fullyQualifiedName": "c/apps/Deployment/shop/web",
        "kind": "resource",
    }
