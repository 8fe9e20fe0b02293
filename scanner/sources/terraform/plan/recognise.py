"""Tells what Terraform writes as JSON from other JSON, by looking for its words: nothing is parsed."""

import codecs
import re

PLAN = "plan"
STATE = "state"
OTHER = ""

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_ZIP = b"PK\x03\x04"
_ZIPPED_PLAN = b"tfplan"
_EMPTY_STATE = re.compile(rb'\s*\{\s*"format_version"\s*:\s*"[^"]*"\s*\}\s*\Z')
_VERSION = '"terraform_version"'
_STATE_WORDS = (('"lineage"',), ('"serial"',), ('"format_version"', '"values"', '"root_module"'))
_PLAN_START = re.compile(rb'\s*\{\s*"format_version"')
_OPENTOFU_ENCRYPTED = ('"encrypted_data"', '"encryption_version"')
_LOG_START = re.compile(rb'\s*\{"@level":"[a-z]+","@message":')
_LOG = (b'"@module":"terraform.ui"', b'"@module":"tofu.ui"')


def is_terraform_json(data: bytes) -> str:
    """Return ``plan``, ``state`` or ``""`` for the content of a file, whatever its name.

    A plan that is not JSON (the file that ``-out`` writes, the log of ``plan -json``) is a ``plan`` too: reading it
    says what to do. So is a text that breaks off, where enough is left of it.
    """
    if is_binary_plan(data) or is_plan_log(data):
        return PLAN
    encoding = next((name for mark, name in _UTF16.items() if data.startswith(mark)), "utf-8")

    def holds(*words: str) -> bool:
        return all(word.encode(encoding) in data for word in words)

    if holds('"planned_values"', '"root_module"') or holds(_VERSION, '"resource_changes"'):
        return PLAN
    if holds(_VERSION) and any(holds(*words) for words in _STATE_WORDS):
        return STATE
    if _PLAN_START.match(data) and holds(_VERSION):
        return PLAN  # it breaks off early
    if holds(*_OPENTOFU_ENCRYPTED) or (len(data) < 100 and _EMPTY_STATE.match(data)):
        return STATE
    return OTHER


def is_binary_plan(data: bytes) -> bool:
    """Whether it is the file that ``terraform plan -out`` writes: an archive whose first entry is ``tfplan``."""
    return data.startswith(_ZIP) and _ZIPPED_PLAN in data[:200]


def is_plan_log(data: bytes) -> bool:
    """Whether it is what ``terraform plan -json`` prints: a log with one JSON object on each line."""
    return _LOG_START.match(data) is not None and any(module in data[:2000] for module in _LOG)
