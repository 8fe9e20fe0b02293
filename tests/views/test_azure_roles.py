import re

from scanner.views.azure_roles import BUILT_IN, guid_of, name_of


def test_names_and_guids_are_one_to_one() -> None:
    assert len(set(BUILT_IN.values())) == len(BUILT_IN)
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", guid) for guid in BUILT_IN.values())


def test_looking_up_either_way() -> None:
    assert guid_of("owner") == "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
    assert guid_of("Own Role") == ""
    definition = (
        "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/B24988AC-6180-42a0-ab88-20f7382dd24c"
    )
    assert name_of(definition) == "Contributor"
    assert name_of("acdd72a7-3385-48ef-bd42-f606fba81ae7") == "Reader"
    assert name_of("00000000-0000-0000-0000-000000000000") == ""
