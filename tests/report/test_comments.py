"""A comment that a change brings exempts nothing in the gate over this change."""

from scanner.report.comments import without_new_inline
from scanner.report.compare import Before
from scanner.report.occurrences import together
from tests.exemptions.findings import exemption, inline
from tests.report.test_compare import one, whole
from tests.report.test_occurrences import instance


def test_a_comment_that_the_change_brings_does_not_count() -> None:
    comment = inline()
    after = whole(one("a", exemption=comment), one("b", exemption=comment), exemptions_used=(comment,))
    found = without_new_inline(Before.of(whole(one("a", exemption=comment))), after)
    assert [f.exemption is None for f in found.findings] == [False, True]
    assert found.exemptions_used == (comment,)
    assert [(note.input, note.line) for note in found.notes] == [("a.yaml", 7)]
    assert without_new_inline(Before.of(whole()), after).exemptions_used == ()


def test_of_instances_under_one_comment_only_the_new_one_is_open() -> None:
    comment = inline()
    before, after = (whole(*together([instance(name, exemption=comment) for name in group])) for group in ("ab", "abc"))
    found = without_new_inline(Before.of(before), after)
    kept, open_ = found.findings
    assert (len(kept.occurrences), kept.exemption) == (2, comment)
    assert (open_.address, open_.exemption) == ('module.tenant["c"].azurerm_storage_account.this', None)
    assert kept.fingerprint != open_.fingerprint


def test_exemptions_of_files_are_left_alone() -> None:
    after = whole(one(exemption=exemption()))
    assert without_new_inline(Before.of(whole()), after) is after
