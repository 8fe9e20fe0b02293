"""Templates in files and texts: faults name the template and its line."""

from pathlib import Path

import pytest

from scanner.model.unknown import Unknown
from tests.sources.terraform.configuration.written import evaluate, messages


def test_templates_see_their_variables_and_nothing_else(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'variable "u" {}\noutput "a" { value = templatefile("t.txt", { n = [1, 2], f = "x" }) }\n'
            'output "b" { value = templatefile("t.txt", { n = [], f = var.u }) }\n',
            "t.txt": '%{ for i in n }${i}:${upper(f)} %{ endfor }${trimspace(file("in.txt"))}${f}',
            "in.txt": "inner\n",
        },
    )
    assert found.outputs == {"a": "1:X 2:X innerx", "b": Unknown("var.u has no value")}
    assert found.faults == ()


@pytest.mark.parametrize(
    ("template", "cause"),
    [
        ("ok\n${n +}", 'cannot parse the template "t.txt": line 2: '),
        ('ok\n\n${1 + "x"}', 'cannot render the template "t.txt": line 3: unsuitable value for right operand'),
        ("${other}", 'cannot render the template "t.txt": line 1: a reference has to have at least two parts'),
        ("${var.n}", 'cannot render the template "t.txt": line 1: it must not refer to var.n'),
    ],
)
def test_a_fault_in_a_template_names_its_line(tmp_path: Path, template: str, cause: str) -> None:
    files = {"main.tf": 'output "a" {\n  value = templatefile("t.txt", { n = 1 })\n}\n', "t.txt": template}
    (message,) = messages(evaluate(tmp_path, files))
    assert message.startswith("main.tf:2:")
    assert f"cannot evaluate output a.value: templatefile: {cause}" in message
