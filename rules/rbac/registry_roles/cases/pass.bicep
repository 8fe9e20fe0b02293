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

resource builder 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000027'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8311e382-0749-4cb8-b61a-304f252e45ec')
    principalId: '00000000-0000-0000-0000-00000000c003'
  }
}

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000028'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
    principalId: '00000000-0000-0000-0000-00000000c002'
  }
}

resource owners 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000029'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
    principalId: '00000000-0000-0000-0000-00000000a003'
  }
}

resource tenant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000030'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
    principalId: '00000000-0000-0000-0000-00000000d023'
  }
}
