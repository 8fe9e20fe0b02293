"""Writes a new Rule that already proves itself, for its author to change."""

import os
import re

from scanner.errors import PackError

_MANIFEST = """name: {pack}
version: 0.1.0
minimum_scanner: {scanner}
title: {title}
"""

_RULE_MD = """---
id: {id}
title: {title}
severity: medium
applies_to: [workloads]
reads:
  - views.pod.spec.serviceAccountName
points: [gate, admission, audit]
since: 0.1.0
---

## What it checks

Every Pod names a service account of its own; `default` or none fails.

## Why it matters

State here what goes wrong when it does not hold.

## How to fix

Name a service account that exists for this workload alone.

```yaml
spec:
  serviceAccountName: web
```

## References

- https://kubernetes.io/docs/concepts/security/service-accounts/
"""

_RULE_REGO = """package bulkhead.{pack}.{name}

deny contains {{"message": message, "at": at}} if {{
	pod := input.views.pod
	account := object.get(pod.spec, "serviceAccountName", "default")
	account == "default"
	message := "serviceAccountName is 'default' or absent; name an account of its own"
	at := array.concat(pod.at, ["spec", "serviceAccountName"])
}}
"""

_RULE_PY = """from collections.abc import Iterator

from scanner import Resource
from scanner.model.resource import Fault
from scanner.views import pod


def check(resource: Resource) -> Iterator[Fault]:
    view = pod(resource)
    if view is not None and view.spec.get("serviceAccountName", "default") == "default":
        yield resource.fail(
            "serviceAccountName is 'default' or absent; name an account of its own",
            at=(*view.at, "spec", "serviceAccountName"),
        )
"""

_POD = """apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: erp-aldersyde-prd
spec:
{account}  containers:
    - name: web
      image: registry.example.net/web:1.0
"""
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3}\Z")


def write_rule(path: str, rule_id: str, language: str, title: str = "") -> tuple[str, ...]:
    """Write a Rule into the folder ``path``; the folder above it is the pack. Returns the files written.

    Raises PackError where the folder is there already, or the id is not one.
    """
    folder = os.path.abspath(path)
    pack_folder, name = os.path.split(folder)
    pack = os.path.basename(pack_folder)
    if not _ID.match(rule_id):
        raise PackError(f"cannot write rule: id '{rule_id}' must look like ACME-001")
    for part in (name, pack):
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", part):
            raise PackError(f"cannot write rule: folder name '{part}' must be snake_case, such as no_default_account")
    if os.path.exists(folder):
        raise PackError(f"cannot write rule: {path} is there already", hint="choose another folder")
    title = title or "Workloads name a service account of their own"
    code = _RULE_REGO.format(pack=pack, name=name) if language == "rego" else _RULE_PY
    files = {
        "rule.md": _RULE_MD.format(id=rule_id, title=title),
        "rule.rego" if language == "rego" else "rule.py": code,
        "cases/fail.yaml": _POD.format(account="  serviceAccountName: default\n"),
        "cases/pass.yaml": _POD.format(account="  serviceAccountName: web\n"),
    }
    written = [_write(os.path.join(folder, name), text) for name, text in files.items()]
    manifest = os.path.join(pack_folder, "pack.yaml")
    if not os.path.exists(manifest):
        from scanner import __version__

        text = _MANIFEST.format(pack=pack, scanner=__version__, title=pack.replace("_", " ").capitalize())
        written.append(_write(manifest, text))
    return tuple(written)


def _write(path: str, text: str) -> str:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path
