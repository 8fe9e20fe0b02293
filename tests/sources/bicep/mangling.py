"""Breaks Bicep texts in the ways that editors, merges and attackers do, the same for the same seed."""

import random
import re

_TOKEN = re.compile(r"\w+|'[^'\n]*'|\s+|.", re.DOTALL)
_SPICE = (
    "'", "''", "'''", "${", "}", "{", "[", "]", "(", ")", ":", "::", "?", "??", "!", ".", ".?", "...", "=>", "=", "|",
    "@", "//", "/*", "*/", "\n", "\r\n", "\t", "\\", "\\u{110000}", "$", "$'''", "#disable-next-line", "for", "in",
    "if", "null", "true", "existing", "resource", "module", "param", "var", "type", "func", "output", "import", "*",
    "-1", "99999999999999999999", "any(", "loadTextContent('x')", "range(0, 1000000000)", "a.b.c", "x => x", "\u0000",
    "\ufeff", "\U0001f600", "[for i in range(0, 9): ", "resourceInput<'a@b'>",
)  # fmt: skip


def mangled(text: str, seed: int) -> str:
    """Return ``text`` with one to six changes."""
    random_ = random.Random(seed)
    tokens = _TOKEN.findall(text) or [""]
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(tokens))
        change = random_.randrange(6)
        if change == 0:
            del tokens[at : at + random_.randint(1, 8)]
        elif change == 1:
            tokens.insert(at, random_.choice(_SPICE))
        elif change == 2:
            tokens[at] = random_.choice(_SPICE)
        elif change == 3:
            tokens[at:at] = tokens[at : at + random_.randint(1, 40)]
        elif change == 4:
            other = random_.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        else:
            tokens[at:at] = [random_.choice(_SPICE)] * random_.choice((2, 50, 500))
        tokens = tokens or [""]
    return "".join(tokens)
