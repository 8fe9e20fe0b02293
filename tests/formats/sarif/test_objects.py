import inspect
import json
from pathlib import Path

import sarif_om as om

from scanner.formats.sarif.objects import plain


def test_what_is_not_given_is_left_out_and_the_rest_is_written() -> None:
    result = om.Result(message=om.Message(text="m"), locations=[om.Location(id=2)], properties={"a": [1, None]})

    assert plain(result) == {
        "message": {"text": "m"},
        "kind": "fail",
        "level": "warning",
        "locations": [{"id": 2}],
        "properties": {"a": [1, None]},
    }


def test_false_and_zero_are_given() -> None:
    assert plain(om.Invocation(execution_successful=False, exit_code=0)) == {
        "executionSuccessful": False,
        "exitCode": 0,
    }


def test_the_object_model_and_the_official_schema_differ_only_where_we_know_it(corpus: Path) -> None:
    schema = json.loads((corpus / "schemas" / "sarif-schema-2.1.0.json").read_text("utf-8"))
    differences = {}
    for name, class_ in inspect.getmembers(om, inspect.isclass):
        key = name[0].lower() + name[1:]
        described = schema if key == "sarifLog" else schema["definitions"][key]
        ours = {field.metadata["schema_property_name"] for field in class_.__attrs_attrs__}  # type: ignore[attr-defined]
        if ours != set(described["properties"]):
            differences[key] = (ours - set(described["properties"]), set(described["properties"]) - ours)

    assert differences == {"suppression": ({"state"}, {"status"})}
