from scanner.model.location import Region
from scanner.sources.terraform.syntax import LineIndex


def test_lines_and_columns_are_code_points_from_one() -> None:
    index = LineIndex("ab\n\n😀é=x\r\ny")
    assert index.position(0) == (1, 1)
    assert index.position(2) == (1, 3)
    assert index.position(3) == (2, 1)
    assert index.region(4, 8) == Region(3, 1, 3, 5)
    assert index.position(10) == (4, 1)
    assert index.position(11) == (4, 2)


def test_a_byte_order_mark_has_no_column() -> None:
    index = LineIndex("\ufeffa = 1\nb = 2")
    assert index.region(1, 2) == Region(1, 1, 1, 2)
    assert index.position(7) == (2, 1)
    assert index.position(0) == (1, 1)


def test_an_empty_text_has_one_line() -> None:
    assert LineIndex("").region(0, 0) == Region(1, 1, 1, 1)
