"""Asks the real Terraform for the plan of a small configuration: init, plan and show, offline.

Only the built-in `terraform_data` can be planned without a provider; what it is given in `input` and
`triggers_replace` is what the configuration evaluates to.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.tools.terraform_console import find_terraform

_TIMEOUT_S = 60


class Plan(NamedTuple):
    """What Terraform plans, or why it refuses."""

    resources: dict[str, dict[str, Any]]
    """`after`, `after_unknown` and `after_sensitive` of each resource by address."""
    outputs: dict[str, dict[str, Any]]
    """The same of each output by name."""
    error: str
    """Empty where there is a plan."""


def plan(folder: Path, args: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Plan:
    """Return the plan of the root module in `folder`; `args` are for `terraform plan`."""
    terraform = find_terraform()
    scrubbed = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    quiet = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    variables = {**scrubbed, **quiet, **(environment or {})}
    for command in (["init", "-backend=false"], ["plan", "-out=plan.bin", *args], ["show", "-json", "plan.bin"]):
        done = subprocess.run(
            [terraform, *command, *(() if command[0] == "show" else ("-no-color", "-input=false"))],
            cwd=folder,
            env=variables,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=_TIMEOUT_S,
        )
        if done.returncode != 0:
            return Plan({}, {}, done.stderr or done.stdout or "no reason given")
    shown = json.loads(done.stdout)
    resources = {item["address"]: item["change"] for item in shown.get("resource_changes", ())}
    return Plan(resources, shown.get("output_changes", {}), "")
