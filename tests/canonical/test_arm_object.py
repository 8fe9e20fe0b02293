from scanner.canonical.arm_object import ArmObject, Part, owner_of


def declared(name: str, *parts: Part) -> ArmObject:
    return ArmObject("Microsoft.X/y", name, f"/{name}", {}, name, parts=parts)


def test_the_deepest_part_that_reaches_a_path_wrote_it() -> None:
    inner, outer = declared("inner"), declared("outer")
    parts = (Part(("p",), outer, ()), Part(("p", "list", 0), inner, ("properties",)), Part(("q",), inner, ("z",)))
    assert owner_of(parts, ("p", "list", 0, "a")) == (inner, ("properties", "a"))
    assert owner_of(parts, ("p", "list", 1)) == (outer, ("list", 1))
    assert owner_of(parts, ("other",)) is None


def test_of_two_that_wrote_the_same_the_last_one_counts() -> None:
    first, second = declared("first"), declared("second")
    assert owner_of((Part(("p",), first, ("a",)), Part(("p",), second, ("b",))), ("p", "x")) == (second, ("b", "x"))


def test_parts_of_parts_are_followed() -> None:
    association = declared("association")
    subnet = declared("subnet", Part(("properties", "group"), association, ("group",)))
    network = declared("network", Part(("properties", "subnets", 0), subnet, ()))
    assert network.owner(("properties", "subnets", 0, "properties", "group", "id")) == (association, ("group", "id"))
    assert network.owner(("properties", "subnets", 0, "name")) == (subnet, ("name",))
    assert network.owner(("location",)) == (network, ("location",))
