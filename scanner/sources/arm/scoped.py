"""Functions that depend on where they stand: the scope of the deployment, ids, and references to other resources."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.function import want_text
from scanner.sources.arm.targets import (
    MANAGEMENT_GROUP,
    NOT_KNOWN,
    RESOURCE_GROUP,
    SUBSCRIPTION,
    Target,
    names_of,
    resource_id,
    value_of,
)
from scanner.sources.arm.values import (
    EvaluationError,
    Masked,
    Token,
    braced,
    first_unknown,
    text_of,
    unknown_call,
)

ANSWERED: Final = "the service answers it"


def parameters(frame: Any, name: Any) -> Any:
    """Return the value of a parameter whose name is computed."""
    return unknown_call("parameters", (name,)) if isinstance(name, Unknown) else frame.scope.parameter(str(name))


def variables(frame: Any, name: Any) -> Any:
    """Return the value of a variable whose name is computed."""
    return unknown_call("variables", (name,)) if isinstance(name, Unknown) else frame.scope.variable(str(name))


def lambda_variables(frame: Any, name: Any) -> Any:
    """Return what a lambda has bound to a name that is computed."""
    if isinstance(name, str) and name in frame.locals:
        return frame.locals[name]
    raise EvaluationError(f"nothing binds the name '{text_of(name)}' here")


def resource_group(frame: Any, *arguments: Any) -> Any:
    """Return the resource group of the deployment; with arguments the one with that name, and subscription."""
    target: Target = frame.scope.target
    if not arguments:
        return _group_at(target, None)
    subscription = text_of(arguments[0]) if len(arguments) > 1 else target.subscription
    target = target.moved(f"/subscriptions/{subscription}/resourceGroups/{text_of(arguments[-1])}")
    return _group_at(target, first_unknown(arguments))


@lru_cache(maxsize=256)
def _group_at(target: Target, why: Unknown | None) -> dict[str, Any]:
    target = target.of_kind(RESOURCE_GROUP)
    return {
        "id": value_of(target.id, "resourceGroup().id", why),
        "name": value_of(target.resource_group, "resourceGroup().name", why),
        "type": "Microsoft.Resources/resourceGroups",
        "location": value_of(target.location, "resourceGroup().location"),
        "managedBy": _token("resourceGroup().managedBy"),
        "tags": _token("resourceGroup().tags"),
        "properties": {"provisioningState": "Succeeded"},
    }


def subscription(frame: Any, *arguments: Any) -> Any:
    """Return the subscription of the deployment, or the one with that id."""
    target: Target = frame.scope.target.of_kind(SUBSCRIPTION)
    if arguments:
        target = target.moved(f"/subscriptions/{text_of(arguments[0])}")
    return _subscription_at(target, first_unknown(arguments))


@lru_cache(maxsize=256)
def _subscription_at(target: Target, why: Unknown | None) -> dict[str, Any]:
    return {
        "id": value_of(target.id, "subscription().id", why),
        "subscriptionId": value_of(target.subscription, "subscription().subscriptionId", why),
        "tenantId": value_of(target.tenant, "subscription().tenantId"),
        "displayName": _token("subscription().displayName"),
        "tags": _token("subscription().tags"),
    }


def management_group(frame: Any, *arguments: Any) -> Any:
    """Return the management group of the deployment, or the one with that name."""
    target: Target = frame.scope.target.of_kind(MANAGEMENT_GROUP)
    name = text_of(arguments[0]) if arguments else target.management_group
    why = first_unknown(arguments)
    return {
        "id": value_of(f"/providers/Microsoft.Management/managementGroups/{name}", "managementGroup().id", why),
        "name": value_of(name, "managementGroup().name", why),
        "type": "Microsoft.Management/managementGroups",
        "properties": _token("managementGroup().properties"),
    }


def tenant(frame: Any) -> Any:
    """Return the tenant of the deployment."""
    target: Target = frame.scope.target
    return {
        "id": "/",
        "tenantId": value_of(target.tenant, "tenant().tenantId"),
        "countryCode": _token("tenant().countryCode"),
        "displayName": _token("tenant().displayName"),
    }


def deployment(frame: Any) -> Any:
    """Return what is known of the deployment: its name, where it is a nested one."""
    return {
        "id": _token("deployment().id"),
        "name": frame.scope.deployment_name,
        "location": value_of(frame.scope.target.location, "deployment().location"),
        "properties": _DEPLOYMENT_PROPERTIES,
    }


def deployer(frame: Any) -> Any:
    """Return who deploys: nothing of it is known."""
    return {name: _token(f"deployer().{name}") for name in ("objectId", "tenantId", "userPrincipalName")}


def environment(frame: Any) -> Any:
    """Return the endpoints of the public cloud.

    Source: the reference of the function ``environment`` at learn.microsoft.com.
    """
    return _PUBLIC_CLOUD


_PUBLIC_CLOUD: Final[dict[str, Any]] = {
    "name": "AzureCloud",
    "gallery": "https://gallery.azure.com/",
    "graph": "https://graph.windows.net/",
    "portal": "https://portal.azure.com",
    "graphAudience": "https://graph.windows.net/",
    "activeDirectoryDataLake": "https://datalake.azure.net/",
    "batch": "https://batch.core.windows.net/",
    "media": "https://rest.media.azure.net",
    "sqlManagement": "https://management.core.windows.net:8443/",
    "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
    "resourceManager": "https://management.azure.com/",
    "authentication": {
        "loginEndpoint": "https://login.microsoftonline.com/",
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    },
    "suffixes": {
        "acrLoginServer": ".azurecr.io",
        "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
        "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
        "azureFrontDoorEndpointSuffix": "azurefd.net",
        "keyvaultDns": ".vault.azure.net",
        "sqlServerHostname": ".database.windows.net",
        "storage": "core.windows.net",
    },
}


def any_resource_id(frame: Any, *arguments: Any) -> Any:
    """Return ``resourceId([subscription], [group], type, name…)``."""
    target: Target = frame.scope.target
    before, full_type, names = _around_type("resourceId", arguments)
    if len(before) > 2:
        raise EvaluationError("resourceId() takes a subscription and a group before the type, not more")
    if len(before) == 2:
        base = f"/subscriptions/{text_of(before[0])}/resourceGroups/{text_of(before[1])}"
    elif before and target.kind == SUBSCRIPTION:
        base = f"/subscriptions/{text_of(before[0])}"
    elif before:
        base = f"/subscriptions/{target.subscription}/resourceGroups/{text_of(before[0])}"
    else:
        base = target.id if target.kind in (RESOURCE_GROUP, SUBSCRIPTION) else ""
    return _id("resourceId", base, full_type, names, arguments)


def subscription_resource_id(frame: Any, *arguments: Any) -> Any:
    """Return ``subscriptionResourceId([subscription], type, name…)``."""
    before, full_type, names = _around_type("subscriptionResourceId", arguments)
    base = text_of(before[-1]) if before else frame.scope.target.subscription
    return _id("subscriptionResourceId", f"/subscriptions/{base}", full_type, names, arguments)


def tenant_resource_id(frame: Any, *arguments: Any) -> Any:
    """Return ``tenantResourceId(type, name…)``."""
    _, full_type, names = _around_type("tenantResourceId", arguments)
    return _id("tenantResourceId", "", full_type, names, arguments)


def management_group_resource_id(frame: Any, *arguments: Any) -> Any:
    """Return ``managementGroupResourceId([group], type, name…)``."""
    before, full_type, names = _around_type("managementGroupResourceId", arguments)
    group = text_of(before[-1]) if before else frame.scope.target.management_group
    base = f"/providers/Microsoft.Management/managementGroups/{group}"
    return _id("managementGroupResourceId", base, full_type, names, arguments)


def extension_resource_id(frame: Any, base: Any, full_type: Any, *names: Any) -> Any:
    """Return ``extensionResourceId(id, type, name…)``."""
    if isinstance(full_type, Unknown):
        return unknown_call("extensionResourceId", (base, full_type, *names))
    return _id(
        "extensionResourceId",
        text_of(base).rstrip("/"),
        want_text("extensionResourceId", full_type),
        names,
        (base, *names),
    )


def _around_type(name: str, arguments: tuple[Any, ...]) -> tuple[tuple[Any, ...], str, tuple[Any, ...]]:
    """Return what stands before the resource type, the type, and the names behind it; no type where nobody knows it."""
    for index, argument in enumerate(arguments):
        if isinstance(argument, str) and "/" in argument:
            return arguments[:index], argument, arguments[index + 1 :]
    if any(isinstance(argument, Unknown) for argument in arguments):
        return (), "", arguments
    raise EvaluationError(f"{name}() wants a resource type, such as 'Microsoft.Storage/storageAccounts'")


def _id(name: str, base: str, full_type: str, names: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
    if not full_type:
        return unknown_call(name, arguments)
    segments = [segment for value in names for segment in text_of(value).split("/")]
    count = full_type.strip("/").count("/")
    why = first_unknown(arguments)
    if len(segments) != count:
        if why is None or len(segments) > count:
            raise EvaluationError(
                f"{name}() wants {count} name{'' if count == 1 else 's'} for the type '{full_type[:120]}', "
                f"not {len(segments)}"
            )
        segments = names_of(names[-1] if names else "", count)
    return value_of(resource_id(base, full_type.strip("/"), segments), f"{name}()", why)


def reference(frame: Any, target: Any, api_version: Any = None, full: Any = None) -> Any:
    """Return what the service says of a resource: outputs of a deployment are known, and little else."""
    whole = isinstance(full, str) and full.lower() == "full"
    if isinstance(target, (str, Token)):
        found = frame.scope.find(target.text if isinstance(target, Token) else target, frame)
        if found is not None:
            return found.referenced(whole=whole)
    name = text_of(target)
    return Token(braced(f"reference({name})"), f"reference(): {ANSWERED}", f"reference({name[:200]})")


def references(frame: Any, name: Any, full: Any = None) -> Any:
    """Return what the service says of all resources of a loop."""
    whole = isinstance(full, str) and full.lower() == "full"
    found = frame.scope.symbol(str(name), frame) if isinstance(name, str) else None
    if isinstance(found, list):
        return [one.referenced(whole=whole) for one in found]
    return Token(braced(f"references({text_of(name)})"), f"references(): {ANSWERED}", f"references({text_of(name)})")


def resource_info(frame: Any, name: Any) -> Any:
    """Return id, name, type and API version of a resource with a symbolic name."""
    if not isinstance(name, str):
        return unknown_call("resourceInfo", (name,)) if isinstance(name, Unknown) else want_text("resourceInfo", name)
    found = frame.scope.find(name, frame)
    return frame.scope.symbol(name, frame) if found is None else found


def listed(name: str, arguments: list[Any]) -> Masked:
    """Return the answer of ``listKeys`` and its like: a secret."""
    text = braced(f"{name}({','.join(map(text_of, arguments))})")
    return Masked(text, f"{name}(): {ANSWERED}", f"{name}({text_of(arguments[0])[:200] if arguments else ''})")


def _token(what: str) -> Token:
    return Token(braced(what), f"{what}: {NOT_KNOWN}", what)


_DEPLOYMENT_PROPERTIES: Final = {
    "parameters": _token("deployment().properties.parameters"),
    "template": _token("deployment().properties.template"),
    "templateLink": {name: _token(f"deployment().properties.templateLink.{name}") for name in ("id", "uri")},
}

SCOPED: Final[Mapping[str, tuple[int, int | None, Callable[..., Any]]]] = {
    "deployer": (0, 0, deployer),
    "deployment": (0, 0, deployment),
    "environment": (0, 0, environment),
    "extensionresourceid": (3, None, extension_resource_id),
    "lambdavariables": (1, 1, lambda_variables),
    "managementgroup": (0, 1, management_group),
    "managementgroupresourceid": (2, None, management_group_resource_id),
    "parameters": (1, 1, parameters),
    "reference": (1, 3, reference),
    "references": (1, 2, references),
    "resourcegroup": (0, 2, resource_group),
    "resourceid": (2, None, any_resource_id),
    "resourceinfo": (1, 1, resource_info),
    "subscription": (0, 1, subscription),
    "subscriptionresourceid": (2, None, subscription_resource_id),
    "tenant": (0, 0, tenant),
    "tenantresourceid": (2, None, tenant_resource_id),
    "variables": (1, 1, variables),
}
