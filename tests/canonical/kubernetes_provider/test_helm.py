from scanner.model.unknown import Unknown
from tests.canonical.build import instance, no_value, translated

HIDDEN = Unknown("marked sensitive")


def test_a_release_is_recorded_with_its_values() -> None:
    release = instance(
        "helm_release.traefik",
        name="traefik",
        chart="traefik",
        repository="https://charts.example",
        repository_password="secret",
        version="28.0.0",
        values=["deployment: {replicas: 2}", no_value("extra"), "a: [b", ""],
        set=[{"name": "a", "value": "b"}],
        set_sensitive=[{"name": "password", "value": "hunter2"}],
    )
    (found,) = translated(release).declared
    assert (found.type, found.name, found.namespace) == ("terraform/HelmRelease", "traefik", "default")
    assert found.attributes["values"] == [
        {"deployment": {"replicas": 2}}, no_value("extra"), Unknown("the text of values cannot be read"), {},
    ]  # fmt: skip
    assert found.attributes["set"] == [{"name": "a", "value": "b"}]
    assert found.attributes["set_sensitive"] == [{"name": "password", "value": HIDDEN}]
    assert found.attributes["repository_password"] == HIDDEN
    assert found.trace is not None
    assert found.trace(("values", 0, "deployment", "replicas")) == ("values", 0)
    assert found.trace(("version",)) == ("version",)
