"""Build hook: compiles `native/` into the wheel where cargo can, and leaves a pure wheel where it cannot.

The scanner runs without the native Rego engine (Rego rules are then error verdicts naming the reason), so a missing
or too old Rust toolchain must never make an installation fail. `SCANNER_NATIVE` says otherwise: `auto` (default),
`require` (fail the build) or `skip`.

Build results live outside the checkout, in `bulkhead-native/<version>/` of the user's cache directory;
`CARGO_TARGET_DIR` moves them. Beside them are kept the lock file cargo writes, so that the next build resolves to the
same crates and needs no network, and the finished libraries by what went into them: cargo compiles a crate again when
its folder is another, and clones, CI runs and pip's temporary copies are other folders.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ARTIFACTS = {"win32": ("_rego.dll", "_rego.pyd"), "darwin": ("lib_rego.dylib", "_rego.abi3.so")}
"""By platform: the file cargo makes and the file Python imports."""

MODES = ("auto", "require", "skip")

KEPT_LIBRARIES = 6


class NativeBuildHook(BuildHookInterface[Any]):
    """Puts the compiled `scanner._rego` into the wheel, or into the checkout of an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before each wheel; `version` is "editable" for an editable one."""
        mode = os.environ.get("SCANNER_NATIVE", "auto")
        if mode not in MODES:
            raise ValueError(f"cannot build scanner: SCANNER_NATIVE is {mode!r}; it must be one of {', '.join(MODES)}")
        if mode == "skip":
            self.app.display_warning("native Rego engine left out: SCANNER_NATIVE=skip")
            return
        try:
            built = self._compile()
        except NotBuiltError as error:
            if mode == "require":
                raise RuntimeError(f"cannot build the native Rego engine: {error}") from error
            self.app.display_warning(f"native Rego engine left out: {error}")
            return
        self._deliver(built, version, build_data)

    def _compile(self) -> Path:
        """Runs cargo; returns the library."""
        cargo = shutil.which("cargo")
        if cargo is None:
            raise NotBuiltError("cargo is not on PATH")
        native = Path(self.root, "native")
        target = target_dir(native)
        environment = cargo_environment(target)
        kept = target.parent / "libraries" / source_digest(native, cargo, environment) / artifact()[0]
        if kept.exists():
            self.app.display_info(f"native Rego engine: nothing has changed since {kept} was built")
            return kept
        lock = Lock(native / "Cargo.lock", target.parent / "Cargo.lock")
        command = [cargo, "build", "--release", "--manifest-path", str(native / "Cargo.toml")]
        lock.restore()
        self.app.display_info(" ".join(command))
        status = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
        if status:
            raise NotBuiltError(f"cargo build ended with status {status} (Rust 1.95 or newer is needed)")
        lock.keep()
        keep_library(target / "release" / kept.name, kept)
        return kept

    def _deliver(self, built: Path, version: str, build_data: dict[str, Any]) -> None:
        name = artifact()[1]
        # A release says which systems the wheel runs on; the interpreter knows only the one it was built on.
        platform = os.environ.get("SCANNER_WHEEL_PLATFORM") or sysconfig.get_platform()
        platform = platform.replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{platform}"
        if version == "editable":
            # Replaced, not overwritten: a running process keeps the file it has mapped.
            fresh = Path(self.root, "scanner", name + ".new")
            shutil.copy2(built, fresh)
            fresh.replace(fresh.with_suffix(""))
        else:
            build_data["force_include"][str(built)] = f"scanner/{name}"


class NotBuiltError(Exception):
    """Why there is no native engine; the text ends up in the build's output."""


class Lock:
    """The crate's lock file and its copy beside the build results.

    The checkout has none of its own under version control; a release's source distribution brings one.
    """

    def __init__(self, path: Path, kept: Path) -> None:
        self.path, self.kept = path, kept

    def restore(self) -> None:
        """Brings the kept copy back where the crate has none.

        cargo follows it without `--locked` too, and mends it where the manifest has moved on.
        """
        if not self.path.exists() and self.kept.exists():
            shutil.copy2(self.kept, self.path)

    def keep(self) -> None:
        """Copies the lock beside the build results."""
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.path, self.kept)


def source_digest(native: Path, cargo: str, environment: dict[str, str]) -> str:
    """A name for all that decides what is built: sources, manifest, flags and compiler."""
    digest = hashlib.sha256()
    for path in sorted([native / "Cargo.toml", native / "build.rs", *native.glob("src/**/*.rs")]):
        digest.update(path.relative_to(native).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    version = subprocess.run([cargo, "--version", "--verbose"], capture_output=True, check=False).stdout  # noqa: S603
    digest.update(version + environment["RUSTFLAGS"].encode() + environment.get("CARGO_BUILD_TARGET", "").encode())
    return digest.hexdigest()[:16]


def keep_library(built: Path, kept: Path) -> None:
    """Puts a finished library beside the others and removes all but the newest few."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    shutil.copy2(built, fresh)
    fresh.replace(kept)
    for old in sorted(kept.parent.parent.iterdir(), key=lambda folder: folder.stat().st_mtime)[:-KEPT_LIBRARIES]:
        shutil.rmtree(old, ignore_errors=True)


def artifact() -> tuple[str, str]:
    """The file cargo makes and the name Python imports it by."""
    return ARTIFACTS.get(sys.platform, ("lib_rego.so", "_rego.abi3.so"))


def target_dir(native: Path) -> Path:
    """Where cargo builds: `CARGO_TARGET_DIR`, else a folder of this version in the user's cache directory."""
    configured = os.environ.get("CARGO_TARGET_DIR")
    if configured:
        return Path(configured).expanduser().resolve()
    version = tomllib.loads((native / "Cargo.toml").read_text(encoding="utf-8"))["package"]["version"]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "bulkhead-native" / version / "target"


def cargo_environment(target: Path) -> dict[str, str]:
    """The environment of cargo.

    `PYO3_NO_PYTHON`: with abi3 no interpreter is needed, and the path of pip's temporary one would rebuild everything
    each time. The prefix maps keep the builder's home out of panic messages.
    """
    cargo_home = os.environ.get("CARGO_HOME") or str(Path.home() / ".cargo")
    remapped = [f"--remap-path-prefix={cargo_home}=/cargo", f"--remap-path-prefix={target}=/target"]
    flags = " ".join([os.environ.get("RUSTFLAGS", ""), *remapped]).strip()
    return os.environ | {
        "PYO3_BUILD_EXTENSION_MODULE": "1",
        "PYO3_NO_PYTHON": "1",
        "CARGO_TARGET_DIR": str(target),
        "RUSTFLAGS": flags,
    }
