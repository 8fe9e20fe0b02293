"""Secrets as people leave them lying about: fifty in what a cluster lists, fifty in what Azure answers."""

import json
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any


class Planted:
    """Makes secrets and remembers them."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._numbers = count()
        self.values: list[str] = []

    def one(self) -> str:
        """Return a new secret; it looks like a password that somebody's generator made."""
        value = "Zq7" + sha256(f"{self._seed}{next(self._numbers)}".encode()).hexdigest()[:24]
        self.values.append(value)
        return value

    def forms(self) -> Iterator[bytes]:
        """Yield what must be nowhere: each secret, and what it is in base64 whatever stands before it."""
        for value in self.values:
            yield value.encode()
            for shift in range(3):
                yield b64encode(b"x" * shift + value.encode())[4:-4]


def _container(planted: Planted, name: str) -> dict[str, Any]:
    names = ("DB_PASSWORD", "API_TOKEN", "ConnectionStrings__Default", "SMTP_PASS", "GREETING")
    return {
        "name": name,
        "image": "registry.example.net/app@sha256:" + "0" * 64,
        "env": [{"name": variable, "value": planted.one()} for variable in names],
        "command": ["/app", f"--password={planted.one()}", "--token", planted.one()],
        "args": [f"--dsn=postgresql://app:{planted.one()}@db.example.net/app"],
        "livenessProbe": {
            "httpGet": {
                "path": f"/health?sig={planted.one()}",
                "port": 80,
                "httpHeaders": [{"name": "Authorization", "value": f"Bearer {planted.one()}"}],
            },
        },
        "lifecycle": {"preStop": {"exec": {"command": ["curl", "-u", f"admin:{planted.one()}"]}}},
    }


def cluster(planted: Planted, namespace: str) -> dict[str, list[dict[str, Any]]]:
    """Return kind → objects in ``namespace`` with fifty secrets in them."""

    def meta(name: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "namespace": namespace, **more}

    def applied(**what: Any) -> dict[str, Any]:
        return {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(what)}}

    def secret() -> str:
        return b64encode(planted.one().encode()).decode()

    def pod() -> dict[str, Any]:
        return {"containers": [_container(planted, "app")], "initContainers": [_container(planted, "init")]}

    template = {"metadata": {"annotations": {"password": planted.one()}, "labels": {"app": "canary"}}, "spec": pod()}
    files = {"app.conf": f"password = {planted.one()}\n", "settings.json": json.dumps({"Password": planted.one()})}
    key = f"-----BEGIN PRIVATE KEY-----\n{planted.one()}\n-----END PRIVATE KEY-----\n"
    return {
        "Secret": [
            {"kind": "Secret", "apiVersion": "v1", "type": "Opaque",
             "metadata": meta("a", **applied(kind="Secret", data={"password": secret()}, metadata=meta("a"))),
             "data": {f"key{number}": secret() for number in range(8)}},
            {"kind": "Secret", "apiVersion": "v1", "metadata": meta("b"),
             "stringData": {f"key{number}": planted.one() for number in range(4)}},
        ],
        "ConfigMap": [
            {"kind": "ConfigMap", "apiVersion": "v1", "metadata": meta("config", **applied(data={"a": planted.one()})),
             "data": {"password": planted.one(), "tls.key": key, **files},
             "binaryData": {"store.jks": secret()}},
        ],
        "Deployment": [
            {"kind": "Deployment", "apiVersion": "apps/v1",
             "metadata": meta("canary", **applied(spec={"env": [{"name": "PASSWORD", "value": planted.one()}]})),
             "spec": {"selector": {"matchLabels": {"app": "canary"}}, "template": template}},
        ],
        "CronJob": [
            {"kind": "CronJob", "apiVersion": "batch/v1", "metadata": meta("nightly"),
             "spec": {"schedule": "0 1 * * *",
                      "jobTemplate": {"spec": {"template": {"spec": {"containers": [_container(planted, "run")]}}}}}},
        ],
        "Ingress": [
            {"kind": "Ingress", "apiVersion": "networking.k8s.io/v1",
             "metadata": meta("web", annotations={"nginx.ingress.kubernetes.io/configuration-snippet":
                                                  f"proxy_set_header X-Key {planted.one()};"}),
             "spec": {"rules": [{"host": "canary.example.net", "http": {"paths": []}}]}},
        ],
        "Middleware": [
            {"kind": "Middleware", "apiVersion": "traefik.io/v1alpha1", "metadata": meta("headers"),
             "spec": {"headers": {"customRequestHeaders": {"Authorization": f"Basic {planted.one()}"}}}},
        ],
    }  # fmt: skip


def azure(planted: Planted, group: str) -> Iterator[dict[str, Any]]:
    """Yield rows in the resource group with the id ``group``, with fifty secrets in them."""

    def row(type_: str, name: str, properties: Any, **more: Any) -> dict[str, Any]:
        kinds = type_.split("/")
        names = name.split("/")
        below = "/".join(f"{kind}/{one}" for kind, one in zip(kinds[1:], names, strict=True))
        id_ = f"{group}/providers/{kinds[0]}/{below}"
        return {"id": id_, "name": names[-1], "type": type_.lower(), "location": "westeurope",
                "properties": properties, **more}  # fmt: skip

    def sas() -> str:
        return f"https://st.blob.core.windows.net/c?sv=2024-11-04&sig={planted.one()}&se=2027-01-01"

    def connection() -> str:
        return f"DefaultEndpointsProtocol=https;AccountName=st;AccountKey={planted.one()}==;EndpointSuffix=x"

    settings = {
        "DB_PASSWORD": planted.one(), "AzureWebJobsStorage": connection(), "API_KEY": planted.one(),
        "APPINSIGHTS_INSTRUMENTATIONKEY": planted.one(), "PACKAGE": sas(), "GREETING": planted.one(),
    }  # fmt: skip
    pairs = [{"name": name, "value": planted.one()} for name in ("DB_PASSWORD", "GREETING", "CLIENT_SECRET")]
    yield row("Microsoft.Web/sites", "app1", {"siteConfig": {"appSettings": pairs, "connectionStrings": [
        {"name": "db", "connectionString": f"Server=x;Password={planted.one()}"}]}})  # fmt: skip
    yield row("Microsoft.Web/sites/config", "app1/appsettings", settings)
    yield row("Microsoft.Web/sites/config", "app1/connectionstrings", {"db": {"value": connection(), "type": "Custom"}})
    yield row("Microsoft.Web/sites/config", "app1/publishingcredentials", {"publishingPassword": planted.one()})
    for number in range(3):
        yield row("Microsoft.Compute/virtualMachines", f"vm{number}", {"osProfile": {
            "adminUsername": "root", "adminPassword": planted.one(), "customData": planted.one()}},
            tags={"note": f"password={planted.one()}", "link": sas()})  # fmt: skip
    yield row("Microsoft.Compute/virtualMachines/extensions", "vm0/run", {
        "settings": {"commandToExecute": f"mount -o password={planted.one()}", "script": planted.one()},
        "protectedSettings": {"key": planted.one()}})  # fmt: skip
    yield row("Microsoft.DBforPostgreSQL/flexibleServers", "psql-canary", {
        "administratorLoginPassword": planted.one(), "network": {}})  # fmt: skip
    yield row(
        "Microsoft.Storage/storageAccounts",
        "stcanary",
        {"primaryKey": planted.one(), "key1": planted.one(), "sasToken": planted.one(), "accessKey": planted.one()},
    )
    yield row("Microsoft.Cache/Redis", "redis-canary", {"accessKeys": {
        "primaryKey": planted.one(), "secondaryKey": planted.one()}, "redisConfiguration": {
        "rdb-storage-connection-string": connection()}})  # fmt: skip
    yield row("Microsoft.App/containerApps", "ca1", {"configuration": {"secrets": [
        {"name": "s", "value": planted.one()}], "registries": [{"passwordSecretRef": "s"}]},
        "template": {"containers": [{"env": [{"name": "DB_PASSWORD", "value": planted.one()}]}]}})  # fmt: skip
    yield row("Microsoft.ContainerInstance/containerGroups", "aci1", {"containers": [{"properties": {
        "environmentVariables": [{"name": "A", "secureValue": planted.one()}, {"name": "PASS", "value": planted.one()}]
        }}], "imageRegistryCredentials": [{"username": "u", "password": planted.one()}]})  # fmt: skip
    yield row("Microsoft.Automation/automationAccounts/variables", "a1/pw", {"value": f'"{planted.one()}"'})
    yield row("Microsoft.Logic/workflows", "logic1", {"definition": {"actions": {"call": {"inputs": {"headers": {
        "Authorization": f"Bearer {planted.one()}"}, "uri": sas(), "authentication": {"password": planted.one()}}}}},
        "parameters": {"token": {"value": planted.one()}}})  # fmt: skip
    yield row("Microsoft.Insights/actionGroups", "ag1", {"webhookReceivers": [
        {"name": "w", "serviceUri": f"https://hooks.example.net/services/{planted.one()}"}]})  # fmt: skip
    yield row("Microsoft.Network/connections", "vpn1", {"sharedKey": planted.one()})
    yield row("Microsoft.Resources/deployments", "deploy1", {"parameters": {"adminPassword": {"value": planted.one()}},
        "outputs": {"connection": {"value": connection()}}})  # fmt: skip
    yield row("Microsoft.Resources/deploymentScripts", "script1", {"environmentVariables": pairs[:0],
        "scriptContent": f"login --password {planted.one()}", "arguments": f"-p {planted.one()}"})  # fmt: skip
    yield row("Microsoft.KeyVault/vaults/secrets", "kv1/pw", {"value": planted.one(), "contentType": planted.one()})
    yield row("Microsoft.Web/serverfarms", "plan1", None, sku=None, tags={"sas": sas(), "key": planted.one()})
    yield row("Microsoft.ContainerService/managedClusters", "aks-canary", {
        "servicePrincipalProfile": {"clientId": "x", "secret": planted.one()},
        "windowsProfile": {"adminPassword": planted.one()}})  # fmt: skip


def write(folder: Path, contents: dict[str, list[dict[str, Any]]]) -> None:
    """Write objects of a cluster as a dump has them, beside what is in ``folder``."""
    for kind, items in contents.items():
        listed = {"apiVersion": "v1", "kind": "List", "items": items}
        (folder / f"canary-{kind.lower()}.json").write_text(json.dumps(listed), "utf-8")
