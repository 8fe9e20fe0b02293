resource absent 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-absent'
  location: 'westeurope'
  // fail 86d63f10976e: enablePurgeProtection is not true; it must be
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
  }
}

resource stated 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-stated'
  location: 'westeurope'
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
    // fail f8d36e1125b8: enablePurgeProtection is not true; it must be
    enablePurgeProtection: false
  }
}
