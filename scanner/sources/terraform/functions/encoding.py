"""Texts in other encodings: base64, character sets, URLs, CSV."""

import binascii

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.values.types import STRING, ObjectType
from scanner.sources.terraform.values.value import ListValue, Value, normal


def _base64_encode(text: str) -> str:
    return binascii.b2a_base64(text.encode("utf-8", "replace"), newline=False).decode()


def _base64_bytes(text: str) -> bytes:
    """Decode strictly; line breaks are skipped, as Go does."""
    compact = text.replace("\r", "").replace("\n", "")
    try:
        return binascii.a2b_base64(compact.encode("ascii"), strict_mode=True)
    except (ValueError, UnicodeEncodeError):
        raise FunctionError("failed to decode base64 data", 0) from None


def _base64_decode(text: str) -> str:
    try:
        return normal(_base64_bytes(text).decode())
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8", 0) from None


_CHARSETS = {
    "big5": "big5",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "gb18030": "gb18030",
    "gbk": "gbk",
    "iso-2022-jp": "iso2022_jp",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "shift_jis": "cp932",
    "utf-16": "utf-16",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "utf-8": "utf-8",
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (*range(1, 12), *range(13, 17))},
    **{f"windows-125{part}": f"cp125{part}" for part in range(9)},
}
"""IANA names to Python's; what is not here is Unknown."""


def _charset(name: str) -> "str | Unknown":
    import codecs

    codec = _CHARSETS.get(name.lower())
    if codec is not None:
        return codec
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        raise FunctionError(f'"{name}" is not a supported IANA encoding name', 1) from None
    return Unknown(f'the encoding "{name}" is not supported')


def _text_encode(text: str, name: str) -> Value:
    codec = _charset(name)
    if isinstance(codec, Unknown):
        return codec
    try:
        data = ("\ufeff" + text).encode("utf-16-be") if codec == "utf-16" else text.encode(codec)
    except UnicodeEncodeError:
        raise FunctionError(f"the given string contains characters that cannot be represented in {name}", 0) from None
    return binascii.b2a_base64(data, newline=False).decode()


def _text_decode(text: str, name: str) -> Value:
    codec = _charset(name)
    if isinstance(codec, Unknown):
        return codec
    data = _base64_bytes(text)
    if codec == "utf-16" and data[:2] not in (b"\xfe\xff", b"\xff\xfe"):
        codec = "utf-16-be"
    return normal(data.decode(codec, "replace"))


def _url_encode(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


def _csv_decode(text: str) -> ListValue:
    records = _csv_records(text)
    if not records:
        raise FunctionError("missing header line", 0)
    names = records[0][1]
    if len(set(names)) < len(names):
        raise FunctionError("duplicate column name", 0)
    rows = []
    for line, fields in records[1:]:
        if len(fields) != len(names):
            raise FunctionError(f"CSV parse error on line {line}: wrong number of fields", 0)
        rows.append(dict(zip(names, fields, strict=True)))
    return ListValue(rows, ObjectType(dict.fromkeys(names, STRING)))


def _csv_records(text: str) -> list[tuple[int, list[str]]]:
    """Return the records of RFC 4180 text with their line numbers; empty lines are none."""
    text = text.replace("\r\n", "\n")
    if text.endswith("\r"):
        text = text[:-1]
    records: list[tuple[int, list[str]]] = []
    place, line = 0, 1
    while place < len(text):
        if text[place] == "\n":
            place, line = place + 1, line + 1
            continue
        fields, following = _csv_record(text, place, line)
        records.append((line, fields))
        line += text.count("\n", place, following)
        place = following
    return records


def _csv_record(text: str, place: int, line: int) -> tuple[list[str], int]:
    fields: list[str] = []
    while True:
        field, place = (
            _csv_quoted(text, place + 1, line) if text[place : place + 1] == '"' else _csv_bare(text, place, line)
        )
        fields.append(normal(field))
        if text[place : place + 1] != ",":
            return fields, place + 1
        place += 1


def _csv_bare(text: str, place: int, line: int) -> tuple[str, int]:
    end = place
    while end < len(text) and text[end] not in ",\n":
        end += 1
    if '"' in text[place:end]:
        raise FunctionError(f'CSV parse error on line {line}: bare " in non-quoted-field', 0)
    return text[place:end], end


def _csv_quoted(text: str, place: int, line: int) -> tuple[str, int]:
    parts: list[str] = []
    while True:
        end = text.find('"', place)
        if end < 0:
            raise FunctionError(f'CSV parse error on line {line}: extraneous or missing " in quoted-field', 0)
        parts.append(text[place:end])
        place = end + 1
        if text[place : place + 1] == '"':
            parts.append('"')
            place += 1
        elif place == len(text) or text[place] in ",\n":
            return "".join(parts), place
        else:
            raise FunctionError(f'CSV parse error on line {line}: extraneous or missing " in quoted-field', 0)


def _base64_gzip(text: str) -> Unknown:
    return Unknown("base64gzip() packs the same text into other bytes than Terraform does")


FUNCTIONS = {
    "base64decode": Function(_base64_decode, STRING),
    "base64encode": Function(_base64_encode, STRING),
    "base64gzip": Function(_base64_gzip, STRING),
    "csvdecode": Function(_csv_decode, STRING),
    "textdecodebase64": Function(_text_decode, STRING, STRING),
    "textencodebase64": Function(_text_encode, STRING, STRING),
    "urlencode": Function(_url_encode, STRING),
}
