"""A Report whose every text was chosen by somebody who wishes us ill."""

from dataclasses import replace
from datetime import date

from scanner.model.exemption import Exemption
from scanner.model.finding import Related
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.verdict import Verdict
from scanner.report import Report
from tests.formats.builder import at, finding, report, rule

TEXTS = (
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "</script></title></style><!-- --><svg onload=alert(1)>",
    "]]> <![CDATA[ & \" ' />",
    "##vso[task.setvariable variable=PATH]x",
    "##[command]rm and ##vso[task.complete result=Succeeded]",
    "::add-mask::x",
    "\n::error file=a::forged\r\n##vso[task.complete result=Succeeded;]",
    "%0A::stop-commands::x%AZP25%0D",
    "\x1b[2J\x1b]8;;https://evil.example\x07x\x9b31m",
    "nul \x00 bell \x07 vt \x0b ufffe \ufffe uffff \uffff",
    "lone \udcff surrogate \ud800",
    "turned \u202etxt.exe",
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "＝1+1",
    "| a | b |\n|---|---|",
    "[click](https://evil.example) ![](https://evil.example/x.png) <https://evil.example>",
    "@everyone #1 !2 user@evil.example www.evil.example https://evil.example GH-1",
    "`code` ``` **bold** _it_ ~~no~~ $x$ # head",
    "</details></summary><details>",
    "{{ 7 * 7 }} {% raw %}",
    "a,b;c\"d'e",
    "x" * 3_000,
)
NO_MARKUP = ("<img", "<script>alert", "<svg")


def hostile() -> Report:
    """Return a Report with each of TEXTS as name, message, path, tenant, reason and fix."""
    findings, ledger, notes = [], [], []
    rules = []
    for number, text in enumerate(TEXTS):
        one = rule(f"BAD-{number:03}", text, list(Severity)[number % 4], fix=text)
        rules.append(one)
        tenancy = Tenancy(Standing.TENANT, text, text, text, "production", text)
        for verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            found = finding(
                one, "Deployment shop/web", text, at(text or "-", 3, 1, 9), verdict=verdict, tag=str(verdict)
            )
            related = (Related("", text, at(text, 2)),)
            named = replace(found, resource=text, address=text, type=text, tenancy=tenancy, related=related)
            findings.append(named)
        exemption = Exemption(text, (one.id,), text, "file", text, 1, owner=text, ticket=text, expires=date(2027, 1, 1))
        findings.append(replace(findings[-2], tag="accepted", exemption=exemption))
        ledger.append(LedgerEntry(text, State.UNPARSED, text, 1, 1, incomplete=True))
        notes.append(LedgerEntry(text, State.PARTIAL, text, 1))
    return report(rules, findings, ledger=tuple(ledger), notes=tuple(notes), estate_name=TEXTS[0])
