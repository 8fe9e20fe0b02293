from scanner.engine.projection import Projection, attribute_paths, without
from scanner.model.location import Origin
from scanner.model.path import parse_path
from scanner.model.resource import Resource

POD = {
    "metadata": {"name": "web", "annotations": {"a": "b"}},
    "spec": {
        "hostPID": True,
        "containers": [{"name": "web", "image": "web:1", "env": [{"name": "A", "value": "x"}]}],
        "initContainers": [{"name": "init", "image": "init:1"}],
    },
}


def resource(type_: str = "core/Pod", attributes: object = POD) -> Resource:
    assert isinstance(attributes, dict)
    return Resource("key", type_, attributes, Origin("test", "a.yaml"))


def test_a_view_path_means_every_container_list() -> None:
    paths = attribute_paths("batch/CronJob", parse_path("views.containers[*].image"))
    assert [path[-4:] for path in paths] == [
        ("spec", "containers", "*", "image"),
        ("spec", "initContainers", "*", "image"),
        ("spec", "ephemeralContainers", "*", "image"),
    ]
    assert paths[0][:4] == ("spec", "jobTemplate", "spec", "template")


def test_only_what_is_read_is_kept_and_what_names_elements() -> None:
    projection = Projection("core/Pod", [parse_path("views.containers[*].image"), parse_path("metadata.name")])
    assert projection.apply(resource()).attributes == {
        "metadata": {"name": "web"},
        "spec": {
            "containers": [{"name": "web", "image": "web:1"}],
            "initContainers": [{"name": "init", "image": "init:1"}],
        },
    }


def test_a_path_keeps_all_below_it_whatever_else_is_named() -> None:
    projection = Projection("core/Pod", [parse_path("spec.containers[*].image"), parse_path("spec")])
    assert projection.apply(resource()).attributes["spec"] == POD["spec"]


def test_values_of_another_shape_are_kept_as_they_are() -> None:
    containers, names = Projection("t", [("spec", "containers")]), Projection("t", [("spec", "*", "name")])
    assert containers.attributes({"spec": "text"}) == {"spec": "text"}
    assert names.attributes({"spec": ["a"]}) == {"spec": ["a"]}


def test_elements_of_a_mapping_are_reduced_and_named_ones_are_kept_whole() -> None:
    projection = Projection("t", [("data", "*", "a"), ("data", "whole")])
    value = {"data": {"x": {"a": 1, "b": 2}, "whole": {"a": 1, "b": 2}}}
    assert projection.attributes(value) == {"data": {"x": {"a": 1}, "whole": {"a": 1, "b": 2}}}


def test_removing_an_element_leaves_the_indexes_of_the_others() -> None:
    value = {"a": [{"x": 1}, {"x": 2}]}
    assert without(value, ("a", 0)) == {"a": [None, {"x": 2}]}
    assert without(value, ("a", 1, "x")) == {"a": [{"x": 1}, {}]}
    assert without(value, ("b", "c")) == value
    assert value == {"a": [{"x": 1}, {"x": 2}]}
