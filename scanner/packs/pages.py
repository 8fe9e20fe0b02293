"""Documentation pages of Rules, generated from their ``rule.md`` so that they cannot disagree with them."""

import os
from collections.abc import Iterable, Mapping

from scanner.model.rule import Rule
from scanner.packs.rule_file import split_rule_file

INDEX = "README.md"


def body(rule: Rule) -> str:
    """Return the Markdown body of the Rule's ``rule.md``."""
    file = os.path.join(rule.folder, "rule.md")
    with open(file, encoding="utf-8") as stream:
        return split_rule_file(stream.read(), file)[1]


def pages(rules: Iterable[Rule]) -> dict[str, str]:
    """Return file name → text: one page per Rule, and the index."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    found = {f"{rule.id}.md": _page(rule) for rule in ordered}
    found[INDEX] = _index(ordered)
    return found


def write(folder: str, wanted: Mapping[str, str]) -> None:
    """Write the pages into ``folder`` and remove pages of Rules that are gone."""
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        if name.endswith(".md") and name not in wanted:
            os.unlink(os.path.join(folder, name))
    for name, text in wanted.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
            stream.write(text)


def stale(folder: str, wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of pages in ``folder`` that are missing, different or superfluous."""
    present = {name for name in os.listdir(folder) if name.endswith(".md")} if os.path.isdir(folder) else set()
    wrong = present - wanted.keys()
    for name, text in wanted.items():
        path = os.path.join(folder, name)
        if name not in present:
            wrong.add(name)
            continue
        with open(path, encoding="utf-8") as stream:
            if stream.read() != text:
                wrong.add(name)
    return tuple(sorted(wrong))


def _page(rule: Rule) -> str:
    rows = [
        ("Severity", rule.severity.label),
        ("Concern", rule.concern.replace("_", " ")),
        ("Language", rule.language),
        ("Needs", ", ".join(sorted(rule.needs)) or "nothing but the resource"),
        ("Scope", rule.scope.value),
        ("Applies to", ", ".join(f"`{type_}`" for type_ in rule.applies_to)),
        ("Runs at", ", ".join(rule.points)),
        ("Since", rule.since),
    ]
    rows += [(name, ", ".join(ids)) for name, ids in rule.controls.items()]
    rows += [(f"Equivalent in {name}", ", ".join(ids)) for name, ids in rule.equivalents.items()]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return f"# {rule.id}: {rule.title}\n\n| | |\n|---|---|\n{table}\n\n{body(rule).strip()}\n"


def _index(rules: list[Rule]) -> str:
    lines = ["# Rules", "", f"{len(rules)} rules. Each page is generated from the rule's `rule.md`.", ""]
    concern = ""
    for rule in sorted(rules, key=lambda rule: (rule.concern, rule.id)):
        if rule.concern != concern:
            concern = rule.concern
            title = concern.replace("_", " ").capitalize()
            lines += ["", f"## {title}", "", "| Rule | Severity | Needs | Title |", "|---|---|---|---|"]
        needs = ", ".join(sorted(rule.needs)) or "–"
        lines.append(f"| [{rule.id}]({rule.id}.md) | {rule.severity.label} | {needs} | {rule.title} |")
    return "\n".join(lines) + "\n"
