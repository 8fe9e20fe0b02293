targetScope = 'subscription'

resource stranger 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000001'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
    // fail d07f0f173f6b: principal 00000000-0000-0000-0000-00000000e001 is Owner of this subscription; only break-glass identities and platform owners may be
    principalId: '00000000-0000-0000-0000-00000000e001'
    principalType: 'User'
  }
}

resource granter 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000002'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9')
    // fail 698bc7a18b77: principal 00000000-0000-0000-0000-00000000e001 is User Access Administrator of this subscription; only break-glass identities and platform owners may be
    principalId: '00000000-0000-0000-0000-00000000e001'
    principalType: 'User'
  }
}

resource conditional 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000003'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'f58310d9-a9f6-439a-9e8d-f62e7b41a168')
    // fail 47e6334a1417: principal 00000000-0000-0000-0000-00000000c002 is Role Based Access Control Administrator of this subscription; only break-glass identities and platform owners may be
    principalId: '00000000-0000-0000-0000-00000000c002'
    principalType: 'ServicePrincipal'
  }
}

resource approved 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000004'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
    principalId: '00000000-0000-0000-0000-00000000b001'
    principalType: 'User'
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000005'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'acdd72a7-3385-48ef-bd42-f606fba81ae7')
    principalId: '00000000-0000-0000-0000-00000000e001'
    principalType: 'User'
  }
}
