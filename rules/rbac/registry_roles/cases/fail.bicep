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

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000019'
  properties: {
    // fail a2ec01889272: pipeline ado-erp-deploy-prod has AcrPush on registry 'acrerpprd01'; AcrPull is expected
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8311e382-0749-4cb8-b61a-304f252e45ec')
    principalId: '00000000-0000-0000-0000-00000000c002'
    principalType: 'ServicePrincipal'
  }
}

resource tenant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000020'
  properties: {
    // fail 1c195f9616eb: tenant t23 (westmoor) has Contributor on registry 'acrerpprd01'; only build pipelines push, and only administrators manage it
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')
    principalId: '00000000-0000-0000-0000-00000000d023'
    principalType: 'Group'
  }
}

resource person 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000021'
  properties: {
    // fail d928693146b4: principal 00000000-0000-0000-0000-00000000e001 has AcrPush on registry 'acrerpprd01'; only build pipelines push, and only administrators manage it
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8311e382-0749-4cb8-b61a-304f252e45ec')
    principalId: '00000000-0000-0000-0000-00000000e001'
    principalType: 'User'
  }
}

resource builder 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: '10000000-0000-0000-0000-000000000022'
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8311e382-0749-4cb8-b61a-304f252e45ec')
    principalId: '00000000-0000-0000-0000-00000000c003'
  }
}
