targetScope = 'subscription'

resource person 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000014'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
    principalId: '00000000-0000-0000-0000-00000000e001'
    principalType: 'User'
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000015'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
    principalId: '00000000-0000-0000-0000-00000000c002'
  }
}

resource group 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000016'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
    principalId: '00000000-0000-0000-0000-00000000a003'
  }
}
