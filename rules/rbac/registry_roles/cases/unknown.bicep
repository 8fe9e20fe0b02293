param principal string
param role string

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrerpprd01'
  location: 'westeurope'
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
  }
}

resource somebody 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000034'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8311e382-0749-4cb8-b61a-304f252e45ec')
    // unknown ec74e0138fae: principalId is not known: parameter 'principal' has no value
    principalId: principal
  }
}

resource something 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000035'
  properties: {
    // unknown 9c1f7fe1f29c: roleDefinitionId is not known: parameter 'role' has no value
    roleDefinitionId: role
    principalId: '00000000-0000-0000-0000-00000000c002'
  }
}
