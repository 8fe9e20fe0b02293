"""Writes random HCL: expressions whose value needs no reference, in every spelling the language has."""

from random import Random


class Writer:
    """Writes expressions by the kind of their value; ``depth`` bounds their size."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def any_value(self, depth: int) -> str:
        return self.random.choice([self.number, self.truth, self.string, self.string, self.sequence, self.mapping])(
            depth
        )

    def gap(self) -> str:
        return self.random.choice(["", "", " ", " ", "  ", "\t", "/* * / # */"])

    def free(self) -> str:
        return self.random.choice([self.gap(), self.gap(), "\n  ", ' # " ${ {\n', "// }\n", "\r\n"])

    def number(self, depth: int) -> str:
        r = self.random
        if depth <= 0 or r.random() < 0.2:
            return r.choice(["0", "1", "2", "7", "10", "007", "1.5", "0.25", "2e3", "1E+2", "25e-2", "12.50", "1.e2"])
        one, two = self.number(depth - 1), self.number(depth - 1)
        return r.choice(
            [
                lambda: f"{one}{self.gap()} + {two}",
                lambda: f"{one} - {self.gap()}{two}",
                lambda: f"{one}*{self.gap()}{two}",
                lambda: f"{one} / {self.gap()}4",
                lambda: f"{r.randrange(99)} * 4 % 7 + {one}",
                lambda: f"-{self.gap()}{one}",
                lambda: f"({self.free()}{one}{self.free()})",
                lambda: f"({self.truth(depth - 1)} ? {one} : {two})",
                lambda: f"[{one},{self.free()}{two}][{r.choice('01')}]",
                lambda: f"[{one},{two},].{r.choice('01')}",
                lambda: f"{{ a = {one}, b: {two} }}.{r.choice('ab')}",
                lambda: f'{{ "a" = {one}\n "b" : {two} }}["{r.choice("ab")}"]',
                lambda: f'"${{{one}}}"',
            ]
        )()

    def truth(self, depth: int) -> str:
        r = self.random
        if depth <= 0 or r.random() < 0.2:
            return r.choice(["true", "false"])
        one, two = self.truth(depth - 1), self.truth(depth - 1)
        return r.choice(
            [
                lambda: f"{one} && {two}",
                lambda: f"{one}{self.gap()}||{two}",
                lambda: f"!{self.gap()}({one})",
                lambda: f"({self.free()}{one})",
                lambda: f"({one}) == {self.truth(0)}",
                lambda: f"{self.number(depth - 1)} {r.choice(['<', '<=', '>', '>='])} {self.number(depth - 1)}",
                lambda: f"({self.number(depth - 1)} {r.choice(['==', '!='])} {self.number(depth - 1)})",
                lambda: f"({one} ? {two} : {one} ? {two} : {one})",
            ]
        )()

    def string(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(['""', '"a"', '"b c"', r'"\"\\\n\r\t\u00e9\U0001F600"', '"$${x}%%{y}"', '"$ 5%"'])
        return self.random.choice([self.quoted, self.quoted, self.heredoc, self.chosen])(depth)

    def chosen(self, depth: int) -> str:
        return f"({self.truth(depth - 2)} ? {self.string(depth - 1)} : {self.string(depth - 1)})"

    def quoted(self, depth: int) -> str:
        plain = [
            "a",
            "b c",
            " ",
            "  ",
            r"\n",
            r"\t",
            r"\"",
            r"\\",
            r"\u00e9",
            "é",
            "$",
            "%",
            "$$",
            "%%",
            "$${",
            "%%{",
            "#",
            "}",
            "{",
            "~",
            "\u00a0",
        ]
        return f'"{self.template(depth, plain)}"'

    def heredoc(self, depth: int) -> str:
        plain = [
            "a",
            "b c",
            " ",
            "    ",
            "\n",
            "\n",
            "\n  ",
            "\n    ",
            "\n\t",
            "\n \n",
            "\\n",
            '"',
            "$",
            "%",
            "$${",
            "%%{",
            "#",
            "}",
            "é",
            "\u2003",
        ]
        r = self.random
        body = r.choice(["", "  ", "    "]) + self.template(depth, plain)
        flush = r.choice(["", "-"])
        return f"(<<{flush}E-O_T\n{body}\n{r.choice(['', '  ', chr(9)])}E-O_T\n)"

    def template(self, depth: int, plain: list[str]) -> str:
        r = self.random
        pieces = [r.choice(plain)]
        for _ in range(r.randrange(5)):
            nested = [self.interpolation, self.interpolation, self.condition, self.loop] if depth > 0 else []
            piece = r.choice([lambda *_: "", *[lambda *_: r.choice(plain)] * 4, *nested])(depth, plain)
            # A sign directly before a sequence would escape it, and the quotes in it would end the string.
            if "{" in piece[:2] and pieces[-1].endswith(("$", "%")):
                pieces.append("_")
            pieces.append(piece or "_")
        return "".join(pieces) + ("_" if pieces[-1][-1:] in "$%" else "")

    def interpolation(self, depth: int, plain: list[str]) -> str:
        return f"${{{self.mark()}{self.free()}{self.scalar(depth - 1)}{self.free()}{self.mark()}}}"

    def scalar(self, depth: int) -> str:
        return self.random.choice([lambda d: self.random.choice("0123456789"), self.truth, self.string])(depth)

    def mark(self) -> str:
        return self.random.choice(["", "", "~"])

    def directive(self, words: str) -> str:
        return f"%{{{self.mark()} {words} {self.mark()}}}"

    def condition(self, depth: int, plain: list[str]) -> str:
        then, other = self.template(depth - 1, plain), self.template(depth - 1, plain)
        otherwise = self.directive("else") + other if self.random.random() < 0.6 else ""
        return self.directive(f"if {self.truth(depth - 2)}") + then + otherwise + self.directive("endif")

    def loop(self, depth: int, plain: list[str]) -> str:
        names, body = self.random.choice([("v", "${v}"), ("k, v", "${k}=${v}")])
        return (
            self.directive(f"for {names} in [{self.string(0)}, {self.string(0)}]")
            + self.random.choice(["", "\\t" if "\\t" in plain else "\t", "é "])
            + body
            + self.template(depth - 2, plain)
            + self.directive("endfor")
        )

    def sequence(self, depth: int) -> str:
        items = [self.any_value(depth - 1) for _ in range(self.random.randrange(4))] if depth > 0 else []
        listed = f"[{self.free()}{f',{self.free()}'.join(items)}{self.random.choice(['', ',']) if items else ''}]"
        same = f"[{', '.join(self.string(depth - 2) for _ in range(2))}]"
        objects = f"[{{ a = {self.string(0)}, b = [1] }}, {{ a = {self.string(0)}, b = [2] }}]"
        return self.random.choice(
            [
                lambda: listed,
                lambda: f"[{self.free()}for v in {same} :{self.free()}v if v != {self.string(0)}]",
                lambda: f'[for k, v in {same}: "${{k}}-${{v}}"]',
                lambda: f"{objects}[*].a",
                lambda: f"{objects}[*].b[0]",
                lambda: f"{objects}.*.a",
                lambda: f"{objects}.*.b[1]",
                lambda: f"{objects}[*].b.0",
            ]
        )()

    def mapping(self, depth: int) -> str:
        keys = self.random.sample(["a", "b-c", '"d e"', "(1 + 1)", '"${"f"}"', "true", "null", "for_", "7"], 3)
        items = [f"{key}{self.gap()}{self.random.choice('=:')}{self.gap()}{self.any_value(depth - 1)}" for key in keys]
        listed = f"{{{self.free()}{self.random.choice([',', chr(10), f', {chr(10)} ']).join(items)}{self.free()}}}"
        return self.random.choice(
            [
                lambda: listed,
                lambda: listed,
                lambda: '{for k, v in ["x", "y", "x"] : v => k...}',
                lambda: f'{{ for v in ["x", "y"] :\n v => {self.string(depth - 1)} if v == "x" }}',
            ]
        )()
