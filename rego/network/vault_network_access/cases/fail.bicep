resource absent 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-absent'
  location: 'westeurope'
  // fail e089349f42ae: networks are admitted by default (defaultAction not set); Deny is expected, or publicNetworkAccess Disabled
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
  }
}

resource listed 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-listed'
  location: 'westeurope'
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
    networkAcls: {
      // fail 6c6618063a8a: networks are admitted by default (defaultAction Allow); Deny is expected, or publicNetworkAccess Disabled
      defaultAction: 'Allow'
      bypass: 'AzureServices'
    }
  }
}
