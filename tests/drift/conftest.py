"""What the example estate declares, each thing once."""

import os

import pytest

from scanner.drift.matching import is_comparable
from scanner.model.resource import Resource
from scanner.points.inputs import load_inputs, source_of
from scanner.points.request import Request
from tests.conftest import ROOT
from tests.drift.noise import real


@pytest.fixture(scope="package")
def declared() -> list[Resource]:
    here = os.getcwd()
    os.chdir(ROOT / "fixtures" / "erp-hosting")
    try:
        request = Request.of({"paths": ("clusters", "terraform")})
        source = source_of(request, load_inputs(request).estate)
        found = [resource for page in source.pages() for resource in page.read().resources]
    finally:
        os.chdir(here)
    return real([resource for resource in found if is_comparable(resource)])
