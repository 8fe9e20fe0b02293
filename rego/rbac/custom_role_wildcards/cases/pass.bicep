targetScope = 'subscription'

resource restarter 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: '00000000-0000-0000-0000-000000000003'
  properties: {
    roleName: 'restarter'
    type: 'CustomRole'
    permissions: [
      {
        actions: ['Microsoft.Compute/virtualMachines/restart/action']
        notActions: []
      }
    ]
    assignableScopes: ['/subscriptions/00000000-0000-0000-0000-000000000102']
  }
}

resource group 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: '00000000-0000-0000-0000-000000000004'
  properties: {
    roleName: 'group'
    type: 'CustomRole'
    permissions: [
      {
        actions: ['*']
        notActions: []
      }
    ]
    assignableScopes: ['/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp']
  }
}
