# ruff: noqa: E501  # Bicep is written this wide
"""The way large module libraries are written today: typed parameters, safe access, spreads, nested existing resources."""

from pathlib import Path

from scanner.model.unknown import Unknown
from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.program import Program

from .trees import lowered, plain, workspace

_MODULE = """
metadata name = 'Accounts'
metadata description = '''
An account, with its keys.
'''

@description('Required. Name.')
@minLength(3)
@maxLength(24)
param name string

@description('Optional. Region.')
param location string = resourceGroup().location

import { lockType, roleAssignmentType } from 'br/public:avm/utl/types/avm-common-types:0.5.1'
@description('Optional. Lock.')
param lock lockType?
param roleAssignments roleAssignmentType[]?
param managedIdentities managedIdentitiesType?
param customerManagedKey keyType?
param tags resourceInput<'Microsoft.Storage/storageAccounts@2024-01-01'>.tags?
@allowed([
  'Hot'
  'Cool'
])
param accessTier string = 'Hot'
param networkAcls networkAclsType?
param blobServices blobServiceType = kind != 'FileStorage' ? { containers: [{ name: 'data' }] } : {}
param kind ('StorageV2' | 'FileStorage') = 'StorageV2'
param minimumTlsVersion ('TLS1_2' | 'TLS1_3') = 'TLS1_2'
param enableTelemetry bool = true
@secure()
param secrets { password: string, *: string }?

var formattedUserAssignedIdentities = reduce(
  map((managedIdentities.?userAssignedResourceIds ?? []), (id) => { '${id}': {} }),
  {},
  (cur, next) => union(cur, next)
)
var identity = !empty(managedIdentities)
  ? {
      type: (managedIdentities.?systemAssigned ?? false)
        ? (!empty(managedIdentities.?userAssignedResourceIds ?? {}) ? 'SystemAssigned, UserAssigned' : 'SystemAssigned')
        : 'UserAssigned'
      userAssignedIdentities: !empty(formattedUserAssignedIdentities) ? formattedUserAssignedIdentities : null
    }
  : null
var builtInRoleNames = {
  Owner: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
}
var formattedRoleAssignments = [
  for (roleAssignment, index) in (roleAssignments ?? []): union(roleAssignment, {
    roleDefinitionId: builtInRoleNames[?roleAssignment.roleDefinitionIdOrName] ?? (contains(
        roleAssignment.roleDefinitionIdOrName,
        '/providers/Microsoft.Authorization/roleDefinitions/'
      )
      ? roleAssignment.roleDefinitionIdOrName
      : 'other')
  })
]

#disable-next-line no-deployments-resources // telemetry
resource avmTelemetry 'Microsoft.Resources/deployments@2024-03-01' = if (enableTelemetry) {
  name: 'tel.${replace('-..--..-', '.', '-')}.${substring(uniqueString(deployment().name, location), 0, 4)}'
  properties: {
    mode: 'Incremental'
    template: {
      '$schema': 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'
      contentVersion: '1.0.0.0'
      resources: []
      outputs: {
        telemetry: {
          type: 'String'
          value: 'For more information'
        }
      }
    }
  }
}

resource cMKKeyVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = if (!empty(customerManagedKey.?keyVaultResourceId)) {
  name: last(split(customerManagedKey.?keyVaultResourceId!, '/'))
  scope: resourceGroup(
    split(customerManagedKey.?keyVaultResourceId!, '/')[2],
    split(customerManagedKey.?keyVaultResourceId!, '/')[4]
  )

  resource cMKKey 'keys@2023-07-01' existing = if (!empty(customerManagedKey.?keyName)) {
    name: customerManagedKey.?keyName!
  }
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  kind: kind
  sku: {
    name: 'Standard_ZRS'
  }
  identity: identity
  tags: tags
  properties: {
    encryption: {
      keySource: !empty(customerManagedKey) ? 'Microsoft.Keyvault' : 'Microsoft.Storage'
      keyvaultproperties: !empty(customerManagedKey)
        ? {
            keyname: customerManagedKey!.keyName
            keyvaulturi: cMKKeyVault!.properties.vaultUri
            keyversion: customerManagedKey.?keyVersion ?? last(split(cMKKeyVault::cMKKey!.properties.keyUriWithVersion, '/'))
          }
        : null
    }
    accessTier: any(kind != 'FileStorage' ? accessTier : null)
    minimumTlsVersion: minimumTlsVersion
    networkAcls: !empty(networkAcls)
      ? union(
          {
            resourceAccessRules: networkAcls.?resourceAccessRules
            defaultAction: networkAcls.?defaultAction ?? 'Deny'
          },
          (contains(networkAcls!, 'ipRules') ? { ipRules: networkAcls!.?ipRules } : {})
        )
      : {
          bypass: 'AzureServices'
          defaultAction: 'Deny'
        }
    ...(kind == 'FileStorage' ? { largeFileSharesState: 'Enabled' } : { allowBlobPublicAccess: false })
  }

  @batchSize(1)
  resource shares 'fileServices' = [for i in range(0, 1): {
    name: 'default'
  }]
}

resource account_lock 'Microsoft.Authorization/locks@2020-05-01' = if (!empty(lock ?? {}) && lock.?kind != 'None') {
  name: lock.?name ?? 'lock-${name}'
  properties: {
    level: lock.?kind ?? ''
    notes: lock.?kind == 'CanNotDelete'
      ? 'Cannot delete.'
      : 'Cannot change.'
  }
  scope: account
}

resource account_roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (roleAssignment, index) in (formattedRoleAssignments ?? []): {
    name: roleAssignment.?name ?? guid(account.id, roleAssignment.principalId, roleAssignment.roleDefinitionId)
    properties: {
      roleDefinitionId: roleAssignment.roleDefinitionId
      principalId: roleAssignment.principalId
    }
    scope: account
  }
]

module account_blobServices 'blob/main.bicep' = if (!empty(blobServices)) {
  name: '${uniqueString(deployment().name, location)}-Blob'
  params: {
    storageAccountName: account.name
    containers: blobServices.?containers
    deletePolicyDays: blobServices.?deletePolicyDays
  }
}

@description('The id.')
output resourceId string = account.id
output blobEndpoint string = !empty(blobServices) && contains(blobServices, 'containers')
  ? reference('Microsoft.Storage/storageAccounts/${account.name}', '2019-04-01').primaryEndpoints.blob
  : ''
output principalId string? = account.?identity.?principalId
@secure()
output key string = account.listKeys().keys[0].value
output blobs array = account_blobServices.?outputs.?names ?? []

// =============== //
//   Definitions   //
// =============== //

@export()
@description('Network rules.')
type networkAclsType = {
  @description('Optional. Rules.')
  resourceAccessRules: {
    tenantId: string
    resourceId: string
  }[]?
  bypass: (
    | 'None'
    | 'AzureServices')?
  ipRules: array?
  defaultAction: ('Allow' | 'Deny')?
}

type managedIdentitiesType = {
  systemAssigned: bool?
  userAssignedResourceIds: string[]?
}
type keyType = { keyVaultResourceId: string, keyName: string, keyVersion: string? }
type blobServiceType = { containers: containerType[]?, deletePolicyDays: int? }
type containerType = { name: string, publicAccess: ('None' | 'Blob')? }
@discriminator('kind')
type either = { kind: 'a', value: int } | { kind: 'b', value: string }
type first = containerType[]
type element = first[*].name
"""
_BLOB = """
param storageAccountName string
param containers { name: string, publicAccess: string? }[]?
@minValue(1)
param deletePolicyDays int = 7

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageAccountName
}
resource blobServices 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  name: 'default'
  parent: account
  properties: {
    deleteRetentionPolicy: { enabled: deletePolicyDays > 0, days: deletePolicyDays > 0 ? deletePolicyDays : null }
  }
}
resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [
  for container in (containers ?? []): {
    parent: blobServices
    name: container.name
    properties: { publicAccess: container.?publicAccess ?? 'None' }
  }
]
output names array = [for (one, i) in (containers ?? []): container[i].name]
"""
_MAIN = """
module account 'storage/main.bicep' = {
  params: {
    name: 'stprod'
    location: 'westeurope'
    customerManagedKey: {
      keyVaultResourceId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv'
      keyName: 'key'
    }
    managedIdentities: { userAssignedResourceIds: ['/subscriptions/s/id'] }
    roleAssignments: [{ principalId: 'p', roleDefinitionIdOrName: 'Owner', name: 'r' }]
    lock: { kind: 'CanNotDelete' }
  }
}
output blobs array = account.outputs.blobs
"""


def test_a_module_of_a_library(tmp_path: Path) -> None:
    files = {"main.bicep": _MAIN, "storage/main.bicep": _MODULE, "storage/blob/main.bicep": _BLOB}
    program = lowered(tmp_path, files)
    assert not program.faults
    library = workspace(tmp_path)
    for path in ("storage/main.bicep", "storage/blob/main.bicep"):
        module = library.program(library.tree, path)
        assert isinstance(module, Program)
        assert module.faults == []
    evaluated = evaluate(program)
    assert [problem.message for problem in evaluated.problems if problem.incomplete] == []
    by_type = {one.type.rpartition("/")[2]: one for one in evaluated.objects}
    assert sorted(by_type) == [
        "blobServices", "containers", "fileServices", "locks", "roleAssignments", "storageAccounts",
    ]  # fmt: skip
    account = by_type["storageAccounts"].body
    assert plain(account["identity"]) == {
        "type": "UserAssigned",
        "userAssignedIdentities": {"/subscriptions/s/id": {}},
    }
    properties = account["properties"]
    assert properties["minimumTlsVersion"] == "TLS1_2"
    assert properties["allowBlobPublicAccess"] is False
    assert properties["networkAcls"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert properties["encryption"]["keySource"] == "Microsoft.Keyvault"
    assert properties["encryption"]["keyvaultproperties"]["keyname"] == "key"
    assert isinstance(properties["encryption"]["keyvaultproperties"]["keyvaulturi"], Unknown)
    assert by_type["locks"].body["properties"]["level"] == "CanNotDelete"
    assert (
        by_type["roleAssignments"]
        .body["properties"]["roleDefinitionId"]
        .endswith("8e3af657-a8ff-443c-a75c-2fe8c4bcb635")
    )
    assert by_type["containers"].name == "stprod/default/data"
    assert by_type["containers"].body["properties"] == {"publicAccess": "None"}
    assert by_type["blobServices"].body["properties"]["deleteRetentionPolicy"] == {"enabled": True, "days": 7}
    assert evaluated.output("blobs") == ["data"]
