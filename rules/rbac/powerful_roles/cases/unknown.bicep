targetScope = 'subscription'

param principal string
param role string

resource owner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000009'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
    // unknown 68b704724526: principalId is not known: parameter 'principal' has no value
    principalId: principal
    principalType: 'User'
  }
}

resource some 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000010'
  properties: {
    // unknown ac8bc3b88a38: roleDefinitionId is not known: parameter 'role' has no value
    roleDefinitionId: role
    principalId: '00000000-0000-0000-0000-00000000e001'
    principalType: 'User'
  }
}
