param rbac bool

resource secrets 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-secrets'
  location: 'westeurope'
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
    // unknown 591e5f6afd25: properties.enableRbacAuthorization is not known: parameter 'rbac' has no value
    enableRbacAuthorization: rbac
  }
}
