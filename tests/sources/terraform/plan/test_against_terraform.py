"""Plans and states that Terraform itself writes, offline, with its built-in resource only."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.terraform.plan import read_terraform_json
from tests.sources.terraform.plan.builder import named, read

TERRAFORM = shutil.which("terraform")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(TERRAFORM is None, reason="there is no terraform binary")]

ROOT = """
variable "secret" {
  sensitive = true
  default   = "s3cr3t-hunter2"
}
resource "terraform_data" "a" { input = "x" }
resource "terraform_data" "s" { input = { pw = var.secret, plain = 1 } }
resource "terraform_data" "many" {
  for_each = toset(["x", "y"])
  input    = terraform_data.a.id
}
resource "terraform_data" "over" {
  for_each = terraform_data.many
  input    = each.value.id
}
module "m" {
  source   = "./mod"
  for_each = toset(["p", "q"])
  target   = terraform_data.a.id
}
resource "terraform_data" "out" { input = module.m["p"].id }
"""
MODULE = """
variable "target" {}
resource "terraform_data" "in" { input = { scope = var.target, deep = [{ a = var.target }] } }
output "id" { value = terraform_data.in.id }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("terraform")
    (root / "mod").mkdir()
    (root / "main.tf").write_text(ROOT)
    (root / "mod" / "main.tf").write_text(MODULE)
    terraform(root, "init")
    terraform(root, "plan", "-out=tf.plan")
    return root


def terraform(root: Path, *arguments: str) -> bytes:
    assert TERRAFORM is not None
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    flags = ["-no-color"] if arguments[0] != "show" else []
    done = subprocess.run(
        [TERRAFORM, *arguments[:1], *flags, *arguments[1:]], cwd=root, env=environment, check=True, capture_output=True
    )
    return done.stdout


def test_a_plan(folder: Path) -> None:
    data = terraform(folder, "show", "-json", "tf.plan")
    found = read(data)
    instances = named(found.instances)

    assert found.problems == ()
    assert len(instances) == 9
    assert b"s3cr3t-hunter2" in data
    assert "s3cr3t-hunter2" not in repr(found)
    origins = {
        address: instances[address].attributes["input"].origin
        for address in ('terraform_data.many["x"]', 'terraform_data.over["y"]', "terraform_data.out")
    }
    assert origins == {
        'terraform_data.many["x"]': "terraform_data.a.id",
        'terraform_data.over["y"]': 'terraform_data.many["y"].id',
        "terraform_data.out": 'module.m["p"].terraform_data.in.id',
    }
    inner = instances['module.m["q"].terraform_data.in'].attributes
    assert (
        inner["input"]["scope"] == inner["input"]["deep"][0]["a"] == Unknown("known after apply", "terraform_data.a.id")
    )
    assert inner["id"].origin == 'module.m["q"].terraform_data.in.id'


def test_the_binary_plan_and_the_log_say_what_to_do(folder: Path) -> None:
    for data in ((folder / "tf.plan").read_bytes(), terraform(folder, "plan", "-json")):
        (problem,) = read(data).problems
        assert "terraform show -json FILE > plan.json" in problem.message


def test_a_state_in_both_forms(folder: Path) -> None:
    terraform(folder, "apply", "tf.plan")
    raw = (folder / "terraform.tfstate").read_bytes()
    file, shown = read(raw), read(terraform(folder, "show", "-json"))

    assert (file.problems, shown.problems) == ((), ())
    assert named(file.instances).keys() == named(shown.instances).keys()
    assert len(file.instances) == 9
    assert b"s3cr3t-hunter2" in raw
    assert "s3cr3t-hunter2" not in repr((file, shown))
    for address, instance in named(shown.instances).items():
        assert instance.attributes["id"] == named(file.instances)[address].attributes["id"]
    assert all(instance.places and instance.places(("input",))[0].region for instance in file.instances)


def test_a_state_may_have_any_encoding_a_shell_writes(folder: Path) -> None:
    data = terraform(folder, "show", "-json", "tf.plan").decode()
    plain = read_terraform_json(data.encode(), "p", bytes)
    for encoded in (data.encode("utf-16"), b"\xef\xbb\xbf" + data.encode(), data.replace("\n", "\r\n").encode()):
        assert read_terraform_json(encoded, "p", bytes).instances == plain.instances
