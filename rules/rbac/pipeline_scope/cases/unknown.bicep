targetScope = 'subscription'

param role string

resource any 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000017'
  // unknown 8a132b6cecea: principalType does not say whether a service principal is meant
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
    principalId: '00000000-0000-0000-0000-00000000e003'
  }
}

resource pipeline 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000018'
  properties: {
    // unknown 8fc990065ca1: roleDefinitionId is not known: parameter 'role' has no value
    roleDefinitionId: role
    principalId: '00000000-0000-0000-0000-00000000c002'
  }
}
