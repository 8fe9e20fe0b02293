"""Fetches the published packages the facts are read from, through ``npm pack`` and ``pip download``, and unpacks them.

Nothing is installed or run: the packages are opened as archives in a cache folder and read as text.
"""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path


def fetch(cache: Path, registry: str, name: str, version: str) -> Path:
    """The folder of package ``name`` of ``registry`` (``npm`` or ``pypi``), downloaded and unpacked on first use."""
    folder = cache / f"{name.replace('/', '-').lstrip('@')}-{version}"
    if (folder / ".complete").is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    if registry == "npm":
        command = ["npm", "pack", "--silent", f"{name}@{version}"]
    else:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "pulumi-azure"]
        command.append(f"{name}=={version}")
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for archive in sorted(folder.iterdir()):
        _unpack(archive, folder)
    (folder / ".complete").touch()
    return folder


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
        for bundled in sorted(folder.glob("*/_jsii/*.tgz")):
            _unpack(bundled, folder)
    elif archive.name.endswith((".tgz", ".tar.gz")):
        with tarfile.open(archive) as bundle:
            bundle.extractall(folder, filter="data")


def bindings(folder: Path) -> Path:
    """The folder of ``.d.ts`` files in an unpacked bindings package."""
    return folder / "package" / "lib"


def documentation(folder: Path) -> Path:
    """The Python package inside an unpacked source archive."""
    return next(folder.glob("pulumi_azure-*/pulumi_azure"))
