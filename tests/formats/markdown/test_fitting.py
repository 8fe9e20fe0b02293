from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.markdown.fitting import Part, fitted

PARTS = st.lists(
    st.builds(
        lambda head, rows, extra, share: Part(head, rows, len(rows) + extra, "tail\n", "… {} more\n".format, share),
        st.text("h", max_size=5),
        st.lists(st.text("r", min_size=1, max_size=40).map(lambda row: f"{row}\n"), max_size=30),
        st.integers(0, 50),
        st.floats(0.1, 1.0),
    ),
    max_size=5,
)


@given(PARTS, st.integers(300, 2_000))
def test_the_limit_holds_and_every_row_is_shown_or_counted(parts: list[Part], limit: int) -> None:
    text = "".join(fitted(parts, limit, len))

    assert len(text) <= limit
    shown = sum("r" in line.partition("…")[0] for line in text.splitlines())
    counted = sum(int(line.split("…")[1].split()[0]) for line in text.splitlines() if "…" in line)
    assert shown + counted == sum(max(part.total, len(part.rows)) for part in parts)


def test_what_fits_is_whole() -> None:
    assert "".join(fitted([Part("a\n", ["1\n", "2\n"], 2, "z\n")], 100, len)) == "a\n1\n2\nz\n"


def test_an_early_part_leaves_room_for_later_ones() -> None:
    first = Part("a\n", ["x" * 9 + "\n"] * 100, 100, "", "{} left out\n".format, share=0.6)
    second = Part("b\n", ["y" * 9 + "\n"] * 100, 100, "", "{} left out\n".format, share=0.6)

    text = "".join(fitted([first, second], 1_000, len))

    assert text.count("x" * 9) == 58
    assert text.count("y" * 9) > 20
