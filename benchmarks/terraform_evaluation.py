"""Measures the evaluator of Terraform configurations against their parse: generated landing zones, and the corpus.

    python -m benchmarks.terraform_evaluation
    python -m benchmarks.terraform_evaluation --only large

Each figure is taken in a process of its own, cold but for the file cache. Machines are noisy: compare ratios.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("BULKHEAD_CORPUS", ROOT.parent / "shared" / "corpus")) / "terraform"

_LEAF = """variable "name" {{
  type = string
}}
variable "settings" {{
  type = map(object({{
    tier     = optional(string, "Standard")
    replicas = optional(number, 1)
    ports    = optional(list(number), [443])
    network = optional(object({{
      prefix = optional(string, "10.0.0.0/16")
      deny   = optional(bool, true)
    }}), {{}})
  }}))
  default = {{}}
}}
variable "tags" {{
  type    = map(string)
  default = {{}}
}}
locals {{
  tags  = merge(var.tags, {{ module = "{name}", managed = true }})
  names = {{ for key, value in var.settings : key => "${{var.name}}-${{key}}-${{lower(value.tier)}}" }}
  rules = flatten([for key, value in var.settings : [
    for index, port in value.ports : {{ key = "${{key}}-${{port}}", port = port, priority = 100 + index }}
  ]])
}}
"""
_RESOURCES = """resource "azurerm_storage_account" "account_{n}" {{
  for_each                 = var.settings
  name                     = substr(replace("st${{local.names[each.key]}}{n}", "-", ""), 0, 24)
  resource_group_name      = "rg-${{var.name}}"
  location                 = "westeurope"
  account_tier             = each.value.tier
  account_replication_type = each.value.replicas > 1 ? "ZRS" : "LRS"
  min_tls_version          = "TLS1_2"
  tags                     = local.tags
  network_rules {{
    default_action = each.value.network.deny ? "Deny" : "Allow"
    ip_rules       = [cidrsubnet(each.value.network.prefix, 8, {n})]
  }}
  dynamic "blob_properties" {{
    for_each = each.value.replicas > 1 ? [1] : []
    content {{
      versioning_enabled = true
    }}
  }}
}}
resource "azurerm_storage_container" "container_{n}" {{
  for_each             = {{ for key, value in var.settings : key => value if value.replicas > 1 }}
  name                 = "data-{n}"
  storage_account_id   = azurerm_storage_account.account_{n}[each.key].id
  container_access_type = "private"
}}
resource "azurerm_network_security_group" "group_{n}" {{
  name                = "nsg-${{var.name}}-{n}"
  location            = "westeurope"
  resource_group_name = "rg-${{var.name}}"
  tags                = merge(local.tags, {{ number = {n} }})
  dynamic "security_rule" {{
    for_each = {{ for rule in local.rules : rule.key => rule }}
    content {{
      name                   = "allow-${{security_rule.key}}"
      priority               = security_rule.value.priority
      direction              = "Inbound"
      access                 = "Allow"
      protocol               = "Tcp"
      destination_port_range = tostring(security_rule.value.port)
      source_address_prefix  = try(var.settings["web"].network.prefix, "VirtualNetwork")
    }}
  }}
}}
output "ids_{n}" {{
  value = {{ for key, account in azurerm_storage_account.account_{n} : key => account.id }}
}}
"""
_RESOURCE_LINES = 51
_MIDDLE = """variable "tenants" {{
  type = map(any)
}}
module "a" {{
  source   = "../leaf_{a}"
  for_each = var.tenants
  name     = "{name}-${{each.key}}"
  tags     = {{ tenant = each.key }}
  settings = each.value
}}
module "b" {{
  source   = "../leaf_{b}"
  name     = "{name}-shared"
  settings = {{ web = {{ replicas = 2, ports = [80, 443] }}, db = {{}} }}
}}
output "ids" {{
  value = [for tenant in module.a : tenant.ids_0]
}}
"""


def write(folder: Path, lines: int, modules: int) -> int:
    """Write a landing zone of about `lines` lines with three module calls for each of `modules`; return the lines."""
    per_leaf = max(1, round(lines / (2 * modules) / _RESOURCE_LINES))
    total = 0
    for number in range(2 * modules):
        text = _LEAF.format(name=f"leaf_{number}")
        text += "".join(_RESOURCES.format(n=index) for index in range(per_leaf))
        total += _put(folder / f"modules/leaf_{number}/main.tf", text)
    root = ["locals {\n  tenants = { acme = { web = { replicas = 3 }, db = {} }, umbrella = { web = {} } }\n}\n"]
    for number in range(modules):
        text = _MIDDLE.format(name=f"zone{number}", a=2 * number, b=2 * number + 1)
        total += _put(folder / f"modules/zone_{number}/main.tf", text)
        root.append(
            f'module "zone_{number}" {{\n  source  = "./modules/zone_{number}"\n  tenants = local.tenants\n}}\n'
            f'output "zone_{number}" {{\n  value = module.zone_{number}.ids\n}}\n'
        )
    return total + _put(folder / "main.tf", "".join(root))


def _put(path: Path, text: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return text.count("\n")


def measure(top: str) -> dict[str, float]:
    """Return what it costs to parse and evaluate every root below `top`, in this process."""
    started = time.perf_counter()
    from scanner.sources.terraform.configuration import Tree, evaluate_root, find_roots

    imported = time.process_time()
    tree = Tree(top, top)
    folders = [folder for folder, _, _ in os.walk(top) if tree.is_module(folder)]
    walked = time.process_time()
    for folder in folders:
        tree.module(folder)
    parsed = time.process_time()
    roots = find_roots(tree, folders)
    instances = sum(len(evaluate_root(tree, root).instances) for root in roots)
    ended = time.process_time()
    return {
        "roots": len(roots),
        "instances": instances,
        "walk_s": walked - imported,
        "parse_s": parsed - walked,
        "evaluate_s": ended - parsed,
        "wall_s": time.perf_counter() - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def report(name: str, top: Path, lines: int) -> None:
    """Print the figures of one configuration, taken in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.terraform_evaluation", "--measure", str(top)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    cost = json.loads(done.stdout)
    ratio = cost["evaluate_s"] / cost["parse_s"]
    print(
        f"{name:<10} {lines:>7} lines {cost['roots']:>4} roots {cost['instances']:>6} instances  "
        f"parse {cost['parse_s']:.2f} s  evaluate {cost['evaluate_s']:.2f} s ({ratio:.1f}x)  "
        f"wall {cost['wall_s']:.2f} s  peak {cost['peak_mb']:.0f} MB"
    )


def main() -> None:
    """Run the scenarios named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("small", "large", "corpus"))
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    for name, lines, modules in (("small", 10_000, 10), ("large", 100_000, 100)):
        if options.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                report(name, Path(folder), write(Path(folder), lines, modules))
    if options.only in (None, "corpus"):
        if CORPUS.is_dir():
            files = [path for path in CORPUS.rglob("*.tf") if path.is_file()]
            report("corpus", CORPUS, sum(path.read_bytes().count(b"\n") for path in files))
        else:
            print("corpus     not there; name it in BULKHEAD_CORPUS")


if __name__ == "__main__":
    main()
