"""Where the web pages of the scanned lines are, as the build service's own variables tell it.

The environment is handed in: a format stays a pure function of its Report and Presentation.
"""

from collections.abc import Mapping
from urllib.parse import quote

from scanner.formats.printable import printable
from scanner.model.location import Location


def source_link_of(environment: Mapping[str, str]) -> str:
    """Return the pattern for :attr:`Presentation.source_link` of the service that runs this; empty where none does.

    Variables of GitHub Actions, GitLab CI and Azure Pipelines (Azure Repos) name the repository and the commit.
    """
    server, repository, commit = (
        environment.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    )
    if server and repository and commit:
        return _pattern(server, f"/{repository}/blob/{commit}/", "{file}#L{line}-L{end_line}")
    project, commit = environment.get("CI_PROJECT_URL", ""), environment.get("CI_COMMIT_SHA", "")
    if project and commit:
        return _pattern(project, f"/-/blob/{commit}/", "{file}#L{line}-{end_line}")
    repository, commit = environment.get("BUILD_REPOSITORY_URI", ""), environment.get("BUILD_SOURCEVERSION", "")
    if repository and commit and environment.get("BUILD_REPOSITORY_PROVIDER") == "TfsGit":
        lines = (
            "?path=/{file}&version=GC" + commit + "&line={line}&lineEnd={end_line}&lineStartColumn=1&lineEndColumn=1"
        )
        return _pattern(repository, "", lines)
    return ""


def source_address(pattern: str, location: Location) -> str:
    """Return the address of ``location``; empty where there is no pattern or the file is none of the repository's."""
    file = location.file
    if not pattern or file in ("", "-") or file.startswith(("/", "../")) or ":" in file.partition("/")[0]:
        return ""
    line, end_line = (location.region.line, location.region.end_line) if location.region else (1, 1)
    return pattern.format(file=quote(printable(file), safe="/"), line=line, end_line=end_line)


def _pattern(address: str, path: str, lines: str) -> str:
    """Return the pattern; what the service says must be a web address, and may hold no braces of its own."""
    if not address.startswith(("https://", "http://")):
        return ""
    host = address.rstrip("/")
    if "@" in host.partition("//")[2].partition("/")[0]:  # credentials do not belong in a report
        scheme, _, rest = host.partition("//")
        host = f"{scheme}//{rest.partition('@')[2]}"
    fixed = quote(host + path, safe=":/?&=%~+.,-_")
    return fixed + lines
