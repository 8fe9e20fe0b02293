"""What of a source line may be shown: values that look like credentials are not.

A report ends in build logs that many people read. A frame shows lines of the user's own files, and a rule about
plaintext secrets points right at one. Names decide, as they do for people: ``password: hunter2`` hides its value,
``secretName: odoo-tls`` and ``automountServiceAccountToken: false`` hide nothing.
"""

import re
from collections.abc import Sequence

HIDDEN = "[hidden]"
"""What stands in the place of a value."""

_WORD = (
    r"(?:passw(?:or)?d|passphrase|passwd|pwd|secret|token|credential|sas"
    r"|(?:api|access|account|private|signing|encryption|shared|client|storage|master)[-_.]?key|connection[-_.]?string)s?"
)
_KEYED = re.compile(
    rf"""(?P<key>(?<![\w.-])["']?[\w.\-]*{_WORD}(?:["']\s*:\s*|:\s+|\s*=\s*))(?P<value>[^\s,}}].*)""", re.IGNORECASE
)
_NAMED = re.compile(rf"""\bname["']?\s*:\s*["']?[\w.\-]*{_WORD}["']?\s*(?:[,}}#]|$)""", re.IGNORECASE)
_VALUE = re.compile(r"""(?P<key>(?<![\w-])["']?value["']?\s*:\s*)(?P<value>\S.*)""")
_OPEN = re.compile(r"[:=]\s*[|>][-+0-9]*\s*(?:#.*)?$")
_HARMLESS = re.compile(
    r"""["']?(?:true|false|null|~|\d+|\$\{.*|\$\(.*|\{\{.*|<.*|[|>][-+0-9]*)["']?\s*(?:[,}#].*)?$""", re.I
)
_URL = re.compile(r"(?P<before>(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?P<after>@)", re.IGNORECASE)
_BLOB = re.compile(r"-----BEGIN |(?:^|[\s\"'])[A-Za-z0-9+/]{60,}={0,2}(?:[\s\"',]|$)")
_SECRET_KIND = re.compile(r"""\bkind["']?\s*:\s*["']?Secret\b(?!\w)""")
_BLOCK_SEARCH = 200
"""Lines above in which the key of a block of text is looked for."""


def masked(lines: Sequence[str], index: int) -> str:
    """Return line ``index`` as it may be shown, what looks like a credential replaced by ``[hidden]``."""
    line = lines[index]
    if _in_secret_block(lines, index):
        return _indent(line) + HIDDEN
    if _BLOB.search(line):
        key, colon, _ = line.partition(": ")
        return f"{key}{colon}{HIDDEN}" if colon else _indent(line) + HIDDEN
    keyed = _KEYED.search(line)
    if keyed is None and any(_NAMED.search(near) for near in lines[max(0, index - 1) : index + 2]):
        keyed = _VALUE.search(line)
    if keyed is not None and not _HARMLESS.match(keyed["value"]):
        line = f"{line[: keyed.start('value')]}{HIDDEN}"
    return _URL.sub(rf"\g<before>{HIDDEN}\g<after>", line)


def holds_secrets(lines: Sequence[str]) -> bool:
    """Whether a Secret is among the objects of a file, so that neighbouring lines may be part of one."""
    return any(_SECRET_KIND.search(line) for line in lines)


def _in_secret_block(lines: Sequence[str], index: int) -> bool:
    """Whether the line belongs to a block of text (``key: |``) whose key looks like a credential's."""
    depth = len(_indent(lines[index]))
    for above in range(index - 1, max(-1, index - _BLOCK_SEARCH), -1):
        line = lines[above]
        if line.strip() and len(_indent(line)) < depth:
            opens = _OPEN.search(line)
            return opens is not None and (
                _KEYED.search(line) is not None
                or (
                    _VALUE.search(line) is not None
                    and any(_NAMED.search(near) for near in lines[above - 1 : above + 1])
                )
            )
    return False


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
