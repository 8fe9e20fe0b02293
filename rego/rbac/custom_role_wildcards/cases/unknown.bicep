targetScope = 'subscription'

param actions array

resource operator 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: '00000000-0000-0000-0000-000000000005'
  properties: {
    roleName: 'operator'
    type: 'CustomRole'
    permissions: [
      {
        // unknown 835a47977945: properties.permissions[*].actions is not known: parameter 'actions' has no value
        actions: actions
        notActions: []
      }
    ]
    assignableScopes: ['/subscriptions/00000000-0000-0000-0000-000000000102']
  }
}
