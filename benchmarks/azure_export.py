"""What reading an export of Azure costs: resources a second of one core, and the peak of memory, by size of the export.

    python -m benchmarks.azure_export [--rows 50000 500000]

The rows are synthetic, of four types and 1 to 3 KB each. Every size is read in a process of its own: indexed once, then
page by page, nothing kept. ``floor`` is parsing alone, as one value. Exits 1 where a limit is exceeded.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

LEAST_A_SECOND = 4_000
"""Resources that one core has to make of rows, with nothing else to do."""
MOST_MIB = 120
MOST_GROWTH = 1.1
"""Between the smallest and the largest export."""

_READ = """
import resource, sys, time
from scanner.sources.azure.export import AzureExport
started = time.process_time()
pages = list(AzureExport(sys.argv[1]).pages())
indexed = time.process_time()
count = sum(len(page.read().resources) for page in pages)
ended = time.process_time()
print(count, indexed - started, ended - indexed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_FLOOR = """
import sys, time
from scanner.sources.azure.parsing import parse
data = open(sys.argv[1], "rb").read()
started = time.process_time()
parse(data)
print(time.process_time() - started)
"""


def rows(number: int) -> Iterator[dict[str, Any]]:
    """Yield rows as Resource Graph gives them, in 20 resource groups of each of some subscriptions."""
    for index in range(number):
        subscription = f"00000000-0000-4000-8000-{index // 500:012}"
        group = f"/subscriptions/{subscription}/resourceGroups/rg-{index // 25 % 20}"
        type_, properties = _KINDS[index % len(_KINDS)]
        yield {
            "id": f"{group}/providers/{type_}/r{index}",
            "name": f"r{index}",
            "type": type_.lower(),
            "location": "westeurope",
            "kind": "",
            "sku": {"name": "Standard_LRS", "tier": "Standard"},
            "plan": None,
            "identity": None,
            "zones": None,
            "managedBy": "",
            "tags": {"tenant": f"t{index % 90:02}", "environment": "production", "owner": "team@example.com"},
            "properties": properties,
            "tenantId": "00000000-0000-4000-8000-000000000000",
            "subscriptionId": subscription,
            "resourceGroup": f"rg-{index // 25 % 20}",
        }


_RULE = {"protocol": "Tcp", "sourceAddressPrefix": "10.0.0.0/8", "destinationPortRange": "443", "access": "Allow"}
_KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Microsoft.Storage/storageAccounts",
        {
            "minimumTlsVersion": "TLS1_2",
            "supportsHttpsTrafficOnly": True,
            "allowBlobPublicAccess": False,
            "networkAcls": {
                "defaultAction": "Deny",
                "bypass": "AzureServices",
                "ipRules": [],
                "virtualNetworkRules": [],
            },
            "creationTime": "2024-01-02T03:04:05.1234567Z",
            "primaryEndpoints": {
                kind: f"https://account.{kind}.core.windows.net/" for kind in ("blob", "file", "queue")
            },
            "encryption": {"keySource": "Microsoft.Storage", "services": {"blob": {"enabled": True}}},
            "privateEndpointConnections": [],
        },
    ),
    (
        "Microsoft.Network/networkSecurityGroups",
        {
            "securityRules": [
                {"name": f"rule{n}", "properties": {**_RULE, "priority": 100 + n, "direction": "Inbound"}}
                for n in range(8)
            ],
            "provisioningState": "Succeeded",
        },
    ),
    (
        "Microsoft.KeyVault/vaults",
        {
            "enableRbacAuthorization": True,
            "enablePurgeProtection": True,
            "softDeleteRetentionInDays": 90,
            "sku": {"family": "A", "name": "standard"},
            "networkAcls": {"defaultAction": "Deny"},
            "vaultUri": "https://vault.vault.azure.net/",
        },
    ),
    (
        "Microsoft.Compute/disks",
        {
            "diskSizeGB": 128,
            "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
            "timeCreated": "2024-01-02T03:04:05.1234567+00:00",
            "networkAccessPolicy": "DenyAll",
            "diskState": "Attached",
        },
    ),
)


def write(path: str, number: int) -> None:
    """Write an export of that many rows, one row at a time."""
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(f'{{"totalRecords": {number}, "count": {number}, "resultTruncated": "false", "data": [')
        for index, row in enumerate(rows(number)):
            stream.write(f"{',' if index else ''}\n{json.dumps(row)}")
        stream.write("]}\n")


def measure(path: str) -> tuple[int, float, float, float, float]:
    """Return resources, CPU seconds of the index and of the pages, peak MiB, and CPU seconds of parsing alone."""
    count, indexed, read, peak = map(float, _run(_READ, path).split())
    return int(count), indexed, read, peak, float(_run(_FLOOR, path))


def _run(script: str, path: str) -> str:
    run = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    return run.stdout


def main() -> int:
    """Measure the sizes on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[50_000, 500_000])
    sizes = sorted(parser.parse_args().rows)
    peaks: list[float] = []
    exceeded = False
    print("     rows      MB   index s    read s   rows/s    peak MiB   floor s")
    with tempfile.TemporaryDirectory(prefix="bulkhead-azure-") as folder:
        for number in sizes:
            path = os.path.join(folder, f"{number}.json")
            write(path, number)
            count, indexed, read, peak, floor = measure(path)
            speed = count / (indexed + read)
            peaks.append(peak)
            exceeded = exceeded or count != number or speed < LEAST_A_SECOND or peak > MOST_MIB
            size = os.path.getsize(path) / 1e6
            print(f"{number:9,} {size:7.0f} {indexed:9.2f} {read:9.2f} {speed:8,.0f} {peak:11.0f} {floor:9.2f}")
            os.remove(path)
    exceeded = exceeded or peaks[-1] > peaks[0] * MOST_GROWTH
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())
