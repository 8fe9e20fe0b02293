param protect bool

resource secrets 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-secrets'
  location: 'westeurope'
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
    // unknown c73e1ac66665: properties.enablePurgeProtection is not known: parameter 'protect' has no value
    enablePurgeProtection: protect
  }
}
