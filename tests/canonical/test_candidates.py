from scanner.canonical.candidates import Candidates

START = "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/"


def test_which_objects_an_id_may_mean() -> None:
    found = Candidates([f"{START}a", f"{START}B", f"{START}{{var.c}}", START.replace("/rg/", "/other/") + "a"])
    assert list(found.all()) == [0, 1, 2, 3]
    assert list(found.of(f"{START}b")) == [1, 2]
    assert list(found.of(f"{START}{{var.x}}")) == [0, 1, 2]
    assert list(found.of(START.replace("{subscription}", "s1") + "A")) == [0, 2]
    assert list(found.of("{var.x}/y")) == []


def test_after_many_comparisons_names_alone_decide() -> None:
    found = Candidates([f"{START}{{var.a}}", f"{START}b"])
    for number in range(40):
        found.of(f"/x/{{var.{number}}}")
    assert list(found.of("/elsewhere/{var.x}")) == [0, 1]
    assert list(found.of("/elsewhere/b")) == [1, 0]
    assert list(found.of("/elsewhere/c")) == [0]
