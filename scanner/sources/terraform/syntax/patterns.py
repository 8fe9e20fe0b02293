"""The shapes of HCL text as regular expressions: one match reads a common line whole, the rest goes token by token.

Every repetition is possessive or starts with a character that its neighbour cannot start with, so that no input makes
a match take more than linear time. Group numbers are named beside each pattern: the parser branches on ``lastindex``.
Source: hashicorp/hcl, hclsyntax/scan_tokens.rl.
"""

import re
from collections.abc import Callable
from typing import cast

Always = Callable[[str, int], "re.Match[str]"]
"""Matches at an offset of a text, if need be nothing."""
Maybe = Callable[[str, int], "re.Match[str] | None"]
Match = re.Match[str]


def _always(pattern: str, flags: int = 0) -> Always:
    """Return the matcher of a pattern that fits every text."""
    return cast(Always, re.compile(pattern, flags).match)


def _maybe(pattern: str) -> Maybe:
    return cast(Maybe, re.compile(pattern).match)


_BLOCK_COMMENT = r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/"
LINE_GAP = rf"(?:[ \t]++|{_BLOCK_COMMENT})*+"
"""What may stand between two tokens where a newline means something."""
FREE_GAP = rf"(?:[ \t\n]++|\r\n|\#[^\n]*+|//[^\n]*+|{_BLOCK_COMMENT})*+"
"""What may stand between two tokens where newlines mean nothing."""
_EOL = r"(?=[ \t]*+(?:\r?\n|\#|//))"

# Only ASCII here: a name that touches any other character is read by `word`.
_WORD = r"[A-Za-z_][A-Za-z0-9_-]*+"
_ASCII_ENDS = r"(?![^\x00-\x7f])"
_DOTTED = rf"{_WORD}(?:\.{_WORD})*+{_ASCII_ENDS}"
_TEXT = r'[^"\\$%\r\n]*+'
_INTEGER = r"[0-9]{1,18}+"
NUMBER = r"[0-9]++(?:\.*+(?:[0-9]|[eE][+-]?[0-9]))*+"

# 1 name, 2 "=", 3 text, 4 dotted words, 5 integer | 6 label, 7 label, 8 "{" | 9 "}" | 10 end of the text.
# A value is taken only where the line ends after it; a block only where it does after the brace.
BODY_ITEM = _always(
    rf"""{FREE_GAP}(?:
        ({_WORD}){_ASCII_ENDS}[ \t]*+(?:
            (=)(?![=>])[ \t]*+(?:(?:"({_TEXT})"|({_DOTTED})|({_INTEGER})){_EOL})?
            |(?:"({_TEXT})"[ \t]*+)?(?:"({_TEXT})"[ \t]*+)?(\{{){_EOL}
        )?
        |(\}})(?={LINE_GAP}(?:\r?\n|\#|//|\Z))
        |(\Z)
    )?""",
    re.VERBOSE,
)

# 1 quoted label, 2 bare label, 3 "{", 4 "=".
LABEL = _always(rf'{LINE_GAP}(?:"({_TEXT})"|({_WORD}){_ASCII_ENDS}|(\{{)|(=))?')

# 1 newline or comment that ends the line, 2 "}", 3 end of the text.
AFTER_BRACE = _always(rf"{LINE_GAP}(?:(\r?\n|\#|//)|(\}})|(\Z))?")


def _operand(gap: str) -> str:
    return (
        rf'{gap}(?:({_DOTTED})(?:{gap}(\())?|"({_TEXT})"|({NUMBER})|(["\[{{(!-])'
        rf"|(<<(-?)([^\W\d][\w-]*+)\r?\n))?"
    )


# 1 dotted words, 2 "(" after them | 3 text | 4 number | 5 what opens or prefixes an operand
# | 6 start of a heredoc, 7 its "-", 8 its marker.
LINE_OPERAND = _always(_operand(LINE_GAP))
FREE_OPERAND = _always(_operand(FREE_GAP))

# 1 ".", 2 "[", 3 binary operator, 4 "?", 5 "::", 6 "(" after a name in letters that are not ASCII.
_TAIL = r"(\.)(?!\.\.)|(\[)|(==|!=|<=|>=|&&|\|\||<(?!<)|[+*%>-]|/(?![/*]))|(\?)|(::)|(\()"
LINE_TAIL = _always(rf"{LINE_GAP}(?:{_TAIL})?")
FREE_TAIL = _always(rf"{FREE_GAP}(?:{_TAIL})?")

# 1 name, 2 legacy index, 3 "*".
_STEP = rf"({_WORD}){_ASCII_ENDS}|({NUMBER})|(\*)"
LINE_STEP = _always(rf"{LINE_GAP}(?:{_STEP})?")
FREE_STEP = _always(rf"{FREE_GAP}(?:{_STEP})?")

SPLAT_STAR = _maybe(rf"{LINE_GAP}\*")
FREE_SPLAT_STAR = _maybe(rf"{FREE_GAP}\*")


def _list_item(closer: str) -> str:
    return (
        rf"{FREE_GAP}(?:({closer})|(for)(?![\w-])"
        rf'|(?:"({_TEXT})"|({_DOTTED})|({_INTEGER})){FREE_GAP}(?:,|(?={closer})))?'
    )


# 1 closer | 2 "for" | 3 text, 4 dotted words, 5 integer, each with the comma that follows or before the closer.
TUPLE_ITEM = _always(_list_item(r"\]"))
CALL_ITEM = _always(_list_item(r"\)"))

# 1 "}" | 2 "for" | 3 name or 4 text as key, "=" or ":", then 5 text, 6 dotted words, 7 integer with what ends the item.
OBJECT_ITEM = _always(
    rf"""{FREE_GAP}(?:
        (\}})
        |(for)(?![\w-])
        |(?:({_WORD}){_ASCII_ENDS}|"({_TEXT})")[ \t]*+(?:=(?![=>])|:(?!:))[ \t]*+
            (?:(?:"({_TEXT})"|({_DOTTED})|({_INTEGER}))[ \t]*+(?:,|(?=\r?\n|[}}\#]|//)))?
    )?""",
    re.VERBOSE,
)
LINE_KEY_END = _maybe(rf"{LINE_GAP}(?:=(?![=>])|:(?!:))")
# 1 ",", 2 "}" or the end of the line: not consumed.
OBJECT_SEPARATOR = _always(rf"{LINE_GAP}(?:(,)|((?=\r?\n|\#|//|\}})))?")

# 1 ",", 2 closer.
TUPLE_SEPARATOR = _always(rf"{FREE_GAP}(?:(,)|(\]))?")
# 1 ",", 2 closer, 3 "...".
CALL_SEPARATOR = _always(rf"{FREE_GAP}(?:(,)|(\))|(\.\.\.))?")

LINE_END = _maybe(rf"{LINE_GAP}(?=\r?\n|\#|//|\Z)")
FREE_END = _maybe(rf"{FREE_GAP}\Z")
GAP = _always(FREE_GAP)
SHORT_GAP = _always(LINE_GAP)
WORD = _maybe(r"[^\W\d][\w-]*+")
CLOSE_SEQUENCE = _maybe(rf"{FREE_GAP}(~?)\}}")

# 1 literal, 2 escaped or lone "$" or "%", 3 "${" or "${~", 4 "%{" or "%{~", 5 the closing quote.
_SEQUENCES = r"(\$\$\{|%%\{|[$%](?!\{))|(\$\{~?)|(%\{~?)"
QUOTED_TOKEN = _maybe(rf'((?:[^"\\$%\r\n]++|\\[^\r\n])++)|{_SEQUENCES}|(")')
HEREDOC_TOKEN = _maybe(rf"([^$%\r\n]*+\r?\n|[^$%\r\n]++)|{_SEQUENCES}")
BARE_TOKEN = _always(rf"([^$%\n]*+\n|[^$%\n]++)|{_SEQUENCES}")

ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
