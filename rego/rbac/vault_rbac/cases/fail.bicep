resource absent 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-absent'
  location: 'westeurope'
  // fail 52125464e0fc: enableRbacAuthorization is not true; it must be
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
  }
}

resource both 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-both'
  location: 'westeurope'
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000001'
    sku: {
      family: 'A'
      name: 'premium'
    }
    enableRbacAuthorization: true
    // fail 1e6bc623ef22: access policies (1) do nothing beside Azure RBAC; remove them
    accessPolicies: [
      {
        tenantId: '00000000-0000-0000-0000-000000000001'
        objectId: '00000000-0000-0000-0000-00000000a001'
        permissions: {
          secrets: ['get']
        }
      }
    ]
  }
}
