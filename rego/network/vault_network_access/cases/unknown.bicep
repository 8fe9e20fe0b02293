param action string

resource ruled 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-ruled'
  location: 'westeurope'
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
    networkAcls: {
      // unknown eb75a4b31b98: properties.networkAcls.defaultAction is not known: parameter 'action' has no value
      defaultAction: action
    }
  }
}
