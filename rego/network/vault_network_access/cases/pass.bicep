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
      defaultAction: 'Deny'
      bypass: 'AzureServices'
    }
  }
}

resource closed 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-closed'
  location: 'westeurope'
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
    publicNetworkAccess: 'disabled'
  }
}
