targetScope = 'subscription'

resource pipeline 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000011'
  properties: {
    // fail 7dc795b56807: pipeline ado-erp-deploy-prod is Contributor of this subscription; it may deploy to sub-erp-prod/rg-erp-*
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
    principalId: '00000000-0000-0000-0000-00000000c002'
  }
}

resource stranger 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000012'
  properties: {
    // fail 737e730b7ed4: service principal 00000000-0000-0000-0000-00000000e002 is Owner of this subscription; resource groups are expected
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')
    principalId: '00000000-0000-0000-0000-00000000e002'
    principalType: 'ServicePrincipal'
  }
}

resource person 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: '10000000-0000-0000-0000-000000000013'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
    principalId: '00000000-0000-0000-0000-00000000e001'
    principalType: 'User'
  }
}
