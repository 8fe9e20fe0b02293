"""Functions on strings. Where a character is meant, it is a grapheme cluster."""

from scanner.sources.terraform.functions import graphemes
from scanner.sources.terraform.functions.function import MAX_TEXT, Function, FunctionError, Unevaluated
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.types import NUMBER, STRING, ListType
from scanner.sources.terraform.values.value import ListValue, normal

_GO_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"  # noqa: E501


def check_length(length: int) -> None:
    """Stop a function that would make a text of more than ``MAX_TEXT`` characters."""
    if length > MAX_TEXT:
        raise Unevaluated(f"texts of more than {MAX_TEXT} characters are not evaluated")


def _chomp(text: str) -> str:
    return text.rstrip("\r\n")


def _indent(spaces: "numbers.Number", text: str) -> str:
    width = numbers.to_int(spaces)
    if width < 0:
        raise FunctionError("the number of spaces must not be negative", 0)
    check_length(len(text) + width * text.count("\n"))
    return text.replace("\n", "\n" + " " * width)


def _join(separator: str, *lists: "tuple[str | None, ...]") -> str:
    if not lists:
        raise FunctionError("at least one list is required")
    parts: list[str] = []
    for place, items in enumerate(lists):
        for index, item in enumerate(items):
            if item is None:
                raise FunctionError(f"element {index} is null; cannot concatenate null values", place + 1)
            parts.append(item)
    check_length(sum(map(len, parts)) + len(separator) * len(parts))
    return normal(separator.join(parts))


def _simple(text: str, *, upper: bool) -> str:
    """Change the case of each code point alone, as Go does: no ``ß`` to ``SS``, no final sigma."""
    if text.isascii():
        return text.upper() if upper else text.lower()
    return normal("".join(_upper_of(char) if upper else _lower_of(char) for char in text))


def _upper_of(char: str) -> str:
    for changed in (char.upper(), char.title()):
        if len(changed) == 1:
            return changed
    return char


def _lower_of(char: str) -> str:
    return "i" if char == "İ" else char.lower()


def _title(text: str) -> str:
    out: list[str] = []
    boundary = True
    for char in text:
        title = char.title()
        out.append((title if len(title) == 1 else char) if boundary else char)
        boundary = not (char.isalnum() or char == "_") and (char.isascii() or char in _GO_SPACE)
    return normal("".join(out))


def _split(separator: str, text: str) -> ListValue:
    parts = text.split(separator) if separator else list(text)
    return ListValue(map(normal, parts), STRING)


def _reverse(text: str) -> str:
    return normal("".join(reversed(graphemes.split(text))))


def _substr(text: str, offset: "numbers.Number", length: "numbers.Number") -> str:
    start, size = numbers.to_int(offset), numbers.to_int(length)
    clusters = graphemes.split(text)
    if start >= 0 and size == 0:
        return ""
    if start < 0:
        start = max(start + len(clusters), 0)
        size = size or -1  # zero characters from the end on are, to Terraform, all of them
    rest = clusters[start:]
    return normal("".join(rest if size < 0 else rest[:size]))


def _trim(text: str, cutset: str) -> str:
    return normal(text.strip(cutset)) if cutset else text


FUNCTIONS = {
    "chomp": Function(_chomp, STRING),
    "endswith": Function(lambda text, end: text.endswith(end), STRING, STRING),
    "indent": Function(_indent, NUMBER, STRING),
    "join": Function(_join, STRING, rest=ListType(STRING)),
    "lower": Function(lambda text: _simple(text, upper=False), STRING),
    "split": Function(_split, STRING, STRING),
    "startswith": Function(lambda text, start: text.startswith(start), STRING, STRING),
    "strcontains": Function(lambda text, part: part in text, STRING, STRING),
    "strrev": Function(_reverse, STRING),
    "substr": Function(_substr, STRING, NUMBER, NUMBER),
    "title": Function(_title, STRING),
    "trim": Function(_trim, STRING, STRING),
    "trimprefix": Function(lambda text, start: normal(text.removeprefix(start)), STRING, STRING),
    "trimspace": Function(lambda text: normal(text.strip(_GO_SPACE)), STRING),
    "trimsuffix": Function(lambda text, end: text.removesuffix(end), STRING, STRING),
    "upper": Function(lambda text: _simple(text, upper=True), STRING),
}
