from scanner.model.unknown import Unknown
from scanner.sources.azure.secrets import MASKED
from tests.sources.azure.rows import resources, row

CANARY = "canary-7f3c9a-value"


def properties(type_: str, name: str, value: object) -> object:
    return resources([row(type_, name, value)])[name].attributes["properties"]


def test_what_only_resource_graph_says_is_left_out() -> None:
    found = resources([row("Microsoft.Compute/disks", "d", {"time": "2024-01-02T03:04:05.1234567Z"})])["d"]
    assert set(found.attributes) == {"id", "name", "type", "location", "tags", "properties"}
    assert found.attributes["properties"] == {"time": "2024-01-02T03:04:05.123Z"}


def test_timestamps_have_one_spelling_and_other_texts_stay() -> None:
    written = {"a": "2024-01-02T03:04:05Z", "b": "2024-01-02T03:04:05.1+00:00", "c": "2024-01-02T03:04:05.x1Z",
               "d": "2024-01-02T03:04:05+02:00"}  # fmt: skip
    assert properties("Microsoft.Compute/disks", "d", written) == {
        "a": "2024-01-02T03:04:05.000Z",
        "b": "2024-01-02T03:04:05.100Z",
        "c": "2024-01-02T03:04:05.x1Z",
        "d": "2024-01-02T03:04:05+02:00",
    }


def test_secrets_are_masked_by_the_name_of_the_property() -> None:
    found = properties(
        "Microsoft.Compute/virtualMachines",
        "vm",
        {
            "osProfile": {"adminPassword": CANARY, "customData": CANARY, "adminUsername": "operator"},
            "extensions": [{"settings": {"commandToExecute": CANARY}}],
            "keys": {"primaryKey": CANARY, "Secondary_Key": CANARY},
            "empty": {"password": "", "clientSecret": None},
        },
    )
    assert found == {
        "osProfile": {"adminPassword": MASKED, "customData": MASKED, "adminUsername": "operator"},
        "extensions": [{"settings": {"commandToExecute": MASKED}}],
        "keys": {"primaryKey": MASKED, "Secondary_Key": MASKED},
        "empty": {"password": ""},
    }


def test_settings_keep_their_names_and_lose_their_values() -> None:
    found = properties(
        "Microsoft.App/containerApps", "app", {"template": {"containers": [{"env": [{"name": "DB", "value": CANARY}]}]}}
    )
    assert found == {"template": {"containers": [{"env": [{"name": "DB", "value": MASKED}]}]}}
    found = properties("Microsoft.Web/sites", "web", {"siteConfig": {"appSettings": [{"name": "A", "value": CANARY}]}})
    assert found == {"siteConfig": {"appSettings": [{"name": "A", "value": MASKED}]}}
    config = row("Microsoft.Web/sites/config", "web/appsettings", {"A": CANARY})
    assert resources([config])["web/appsettings"].attributes["properties"] == {"A": MASKED}


def test_secrets_are_masked_by_what_they_look_like() -> None:
    texts = {
        "signed": "https://acct.blob.core.windows.net/c?sv=2024&sig=abcdefgh12345678%3D",
        "account": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + CANARY,
        "database": "Server=db;User Id=app;Password=" + CANARY,
        "address": f"https://user:{CANARY}@example.com/repo.git",
        "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x",
        "key": "-----BEGIN RSA PRIVATE KEY-----\nabc",
    }
    found = properties("Microsoft.Network/virtualNetworks", "v", texts)
    assert found == dict.fromkeys(texts, MASKED)
    tagged = resources([row("Microsoft.Network/virtualNetworks", "v", tags={"note": texts["database"]})])["v"]
    assert tagged.attributes["tags"] == {"note": MASKED}
    assert tagged.unknowns == (("tags", "note"),)


def test_what_rules_read_is_not_masked() -> None:
    kept = {
        "allowSharedKeyAccess": False,
        "disablePasswordAuthentication": True,
        "keyVaultSecretId": "https://kv/secrets/a",
        "minimumTlsVersion": "TLS1_2",
        "keySource": "Microsoft.Keyvault",
        "primaryEndpoints": {"blob": "https://a/"},
    }
    assert properties("Microsoft.Network/virtualNetworks", "v", kept) == kept


def test_a_depth_that_nobody_writes_is_not_walked() -> None:
    deep: object = CANARY
    for _ in range(150):
        deep = {"a": deep}
    found = resources([row("Microsoft.Network/virtualNetworks", "v", deep)])["v"]
    (path,) = found.unknowns
    value: object = found.attributes
    for step in path:
        value = value[step]  # type: ignore[index]
    assert value == Unknown("it is nested deeper than 100 levels")
