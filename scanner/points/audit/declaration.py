"""What an audit compares the estate with: paths that declare it, and files that tell how it came to differ."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scanner.errors import UsageError
from scanner.points.request import Request


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the estate is compared with, and what tells how it came to differ; nothing without paths."""

    request: Request
    """As for a scan of ``paths``: their configuration says what is of which cluster."""
    paths: tuple[str, ...] = ()
    """Normalised: a scheduled run names the same ones each night."""
    states: tuple[str, ...] = ()
    accepted: str = ""
    change_logs: tuple[str, ...] = ()
    audit_logs: tuple[str, ...] = ()

    @property
    def flags(self) -> dict[str, Any]:
        """What :func:`scanner.points.drift.compare` takes of it."""
        return {
            "states": self.states,
            "accepted": self.accepted,
            "change_logs": self.change_logs,
            "audit_logs": self.audit_logs,
        }

    @property
    def identity(self) -> tuple[str, ...]:
        """What must be the same where a run goes on; nothing where nothing is compared."""
        named = {
            "declared": self.paths,
            "state": self.states,
            "accepted": (self.accepted,) if self.accepted else (),
            "changes": self.change_logs,
            "audit log": self.audit_logs,
        }
        return tuple(f"{name} {os.path.abspath(path)}" for name, paths in named.items() for path in paths)

    @classmethod
    def of(cls, flags: Mapping[str, Any]) -> "Declaration":
        """Return what ``flags`` say. Raises UsageError where they only say what tells of it."""
        paths = tuple(map(os.path.normpath, flags.get("declared", ())))
        names = {"states": "--state", "accepted": "--accepted", "change_logs": "--changes", "audit_logs": "--audit-log"}
        alone = next((flag for name, flag in names.items() if flags.get(name)), "")
        if alone and not paths:
            hint = "name it with --declared PATH: manifests, charts, Terraform, ARM or Bicep"
            raise UsageError(f"cannot use {alone}: nothing is declared that could be compared", hint=hint)
        return cls(
            Request.of({**flags, "paths": paths}),
            paths,
            tuple(flags.get("states", ())),
            flags.get("accepted") or "",
            tuple(flags.get("change_logs", ())),
            tuple(flags.get("audit_logs", ())),
        )
