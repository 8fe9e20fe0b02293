from scanner.formats.azure_pipelines import MOST, escaped
from scanner.model.severity import Severity
from scanner.report import Report
from tests.formats.builder import at, finding, report, rule
from tests.formats.comparisons import compared, new_only
from tests.formats.hostile import TEXTS, hostile
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """Return command, properties and message of a line, read as the agent reads it."""
    start = line.index("##vso[")
    assert start == 0
    end = line.index("]", start)
    command, _, rest = line[start + 6 : end].partition(" ")
    pairs = [one.split("=", 1) for one in rest.split(";") if one]
    return command, {name: unescaped(value) for name, value in pairs}, unescaped(line[end + 1 :])


def unescaped(text: str) -> str:
    for mark, written in ((";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D")):
        text = text.replace(written, mark)
    return text.replace("%AZP25", "%")


def test_the_whole_output(full: Report) -> None:
    assert_snapshot("report.azure-pipelines.txt", rendered("azure-pipelines", full))


def test_what_the_agent_reads_is_what_was_meant(full: Report) -> None:
    lines = [parsed(line) for line in rendered("azure-pipelines", full).splitlines()]

    assert {command for command, _, _ in lines} == {"task.logissue"}
    _, properties, message = lines[2]
    assert properties == {
        "type": "error",
        "sourcepath": "deploy/dunmore/policy.yaml",
        "linenumber": "10",
        "columnnumber": "11",
        "code": "ISO-003",
    }
    assert message.startswith("ISO-003 (critical) NetworkPolicy dunmore-prd/allow-neighbours: the empty")
    assert "every namespace; only" in message


def test_only_what_is_new_is_an_issue(full: Report) -> None:
    lines = [
        parsed(line) for line in rendered("azure-pipelines", new_only(full), comparison=compared(full)).splitlines()
    ]

    assert [properties["code"] for _, properties, _ in lines if "code" in properties] == [
        "ISO-003",
        "ISO-012",
        "ISO-029",
        "SUP-004",
    ]


def test_summaries_are_attached_by_their_path(full: Report) -> None:
    last = rendered("azure-pipelines", full, summaries=("/work dir/a;b]%.md",)).splitlines()[-1]

    assert last == "##vso[task.uploadsummary]/work dir/a%3Bb%5D%AZP25.md"


def test_no_summary_is_attached_where_none_was_written(full: Report) -> None:
    assert "uploadsummary" not in rendered("azure-pipelines", full)


def test_the_rest_is_counted() -> None:
    bad = rule("ISO-001", "bad", Severity.LOW)
    findings = [finding(bad, f"Deployment a/h{n}", "no", at("a.yaml", n + 1)) for n in range(MOST + 7)]

    lines = rendered("azure-pipelines", report([bad], findings)).splitlines()

    assert len(lines) == MOST + 1
    assert "7 more findings (7 low)" in parsed(lines[-1])[2]


def test_hostile_text_is_no_command_and_ends_none() -> None:
    lines = rendered("azure-pipelines", hostile()).splitlines()

    assert len(lines) == 3 * len(TEXTS)
    for line in lines:
        command, properties, message = parsed(line)
        assert command == "task.logissue"
        assert set(properties) <= {"type", "sourcepath", "linenumber", "columnnumber", "code"}
        assert "##vso[" not in line[6:]
        assert "##[" not in line[1:]
        assert message.isprintable()


def test_escaping_is_undone_by_the_agent() -> None:
    text = "50% ;]\r\n %3B %AZP25"

    assert unescaped(escaped(text)) == text
    assert not set(escaped(text)) & set(";]\r\n")
