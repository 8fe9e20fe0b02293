"""Plans and states: what Terraform itself says will be, or is.

    is_terraform_json(data)             plan, state or nothing, by content
    read_terraform_json(data, file, …)  Instances and problems; never raises for a fault of the input

Nothing here knows Azure, rules or the ledger.
"""

from scanner.sources.terraform.plan.read import read_terraform_json
from scanner.sources.terraform.plan.recognise import PLAN, STATE, is_terraform_json
from scanner.sources.terraform.plan.result import Problem, Read

__all__ = ["PLAN", "STATE", "Problem", "Read", "is_terraform_json", "read_terraform_json"]
