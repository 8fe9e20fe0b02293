import pytest

from scanner.sources.terraform.syntax import comments_with


def words(text: str) -> list[str]:
    found = list(comments_with("X", text))
    assert all(text[comment.start : comment.end] == comment.text for comment in found)
    return [comment.text for comment in found]


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("a = 1 # X", ["# X"]),
        ("// X\r\na = 1 /* X\nX */ # no", ["// X", "/* X\nX */"]),
        ('a = "# X" # X1', ["# X1"]),
        ('a = "\\" # X" # X1', ["# X1"]),
        ('a = "${b["# X"] /* X2 */} # X" # X1', ["/* X2 */", "# X1"]),
        ('a = "${ { b = "}# X" } # X3\n} # X" # X1', ["# X3", "# X1"]),
        ("a = <<A\n# X\nA\n# X1", ["# X1"]),
        ("a = <<-A\n# X ${ 1 /* X2 */ } # X\n  A\n# X1", ["/* X2 */", "# X1"]),
        ("a = <<A\n${1}A\nA\n# X1", ["# X1"]),
        ("b {\n} # X", ["# X"]),
        ('a = "$${# X" # X1', ["# X1"]),
        ('a = "%{ if b }# X%{ endif }" // X1', ["// X1"]),
        ('a = "unclosed\n# X1', ["# X1"]),
        ("} } # X", ["# X"]),
        ("/* X", []),
        ("a = <<A\n# X", []),
        ('a = 1 / 2 # X\nb = "http://X"', ["# X"]),
    ],
)
def test_comments_are_told_from_text(text: str, comments: list[str]) -> None:
    assert words(text) == comments


def test_a_text_without_the_word_is_not_read() -> None:
    assert list(comments_with("bulkhead:exempt", "# nothing\n" * 3)) == []
