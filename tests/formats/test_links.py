import pytest

from scanner.formats.links import source_address, source_link_of
from tests.formats.builder import at

SERVICES = {
    "github": (
        {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/erp", "GITHUB_SHA": "c0ffee"},
        "https://github.com/acme/erp/blob/c0ffee/deploy/web%20one.yaml#L3-L5",
    ),
    "gitlab": (
        {"CI_PROJECT_URL": "https://gitlab.example/acme/erp", "CI_COMMIT_SHA": "c0ffee"},
        "https://gitlab.example/acme/erp/-/blob/c0ffee/deploy/web%20one.yaml#L3-5",
    ),
    "azure": (
        {
            "BUILD_REPOSITORY_PROVIDER": "TfsGit",
            "BUILD_REPOSITORY_URI": "https://acme@dev.azure.com/acme/erp/_git/erp",
            "BUILD_SOURCEVERSION": "c0ffee",
        },
        "https://dev.azure.com/acme/erp/_git/erp?path=/deploy/web%20one.yaml&version=GCc0ffee"
        "&line=3&lineEnd=5&lineStartColumn=1&lineEndColumn=1",
    ),
}


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_addresses(service: str) -> None:
    environment, address = SERVICES[service]

    assert source_address(source_link_of(environment), at("deploy/web one.yaml", 3, 1, 2, 5)) == address


@pytest.mark.parametrize(
    "environment",
    [{}, {"GITHUB_SHA": "c0ffee"}, {"CI_PROJECT_URL": "javascript:alert(1)", "CI_COMMIT_SHA": "c0ffee"}],
)
def test_elsewhere_there_are_none(environment: dict[str, str]) -> None:
    assert source_link_of(environment) == ""


@pytest.mark.parametrize("file", ["-", "/etc/passwd", "../other/x.yaml", "C:/x.yaml", ""])
def test_a_file_outside_the_repository_has_no_address(file: str) -> None:
    assert source_address("https://e.example/{file}#L{line}-L{end_line}", at(file, 3)) == ""


def test_braces_of_the_service_or_a_file_are_no_fields() -> None:
    pattern = source_link_of(
        {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/{line}", "GITHUB_SHA": "c"}
    )

    assert source_address(pattern, at("{line}#x?.yaml", 3)) == (
        "https://github.com/a/%7Bline%7D/blob/c/%7Bline%7D%23x%3F.yaml#L3-L3"
    )
