targetScope = 'subscription'

resource owner 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: '00000000-0000-0000-0000-000000000001'
  properties: {
    roleName: 'owner'
    type: 'CustomRole'
    permissions: [
      {
        // fail 55b01402aef7: custom role 'owner' allows * and may be assigned at /subscriptions/00000000-0000-0000-0000-000000000102; name actions, or resource groups
        actions: ['*']
        notActions: []
      }
    ]
    assignableScopes: ['/subscriptions/00000000-0000-0000-0000-000000000102']
  }
}

resource granter 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: '00000000-0000-0000-0000-000000000002'
  properties: {
    roleName: 'granter'
    type: 'CustomRole'
    permissions: [
      {
        // fail 115879cfa252: custom role 'granter' allows Microsoft.Authorization/* and may be assigned at /providers/Microsoft.Management/managementGroups/mg-erp; name actions, or resource groups
        actions: ['Microsoft.Authorization/*']
        notActions: []
      }
    ]
    assignableScopes: ['/providers/Microsoft.Management/managementGroups/mg-erp']
  }
}
