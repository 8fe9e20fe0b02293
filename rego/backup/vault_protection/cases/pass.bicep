resource standard 'Microsoft.RecoveryServices/vaults@2024-04-01' = {
  name: 'rsv-standard'
  location: 'westeurope'
  sku: {
    name: 'RS0'
    tier: 'Standard'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
    securitySettings: {
      immutabilitySettings: {
        state: 'Unlocked'
      }
    }
  }
}

resource premium 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bv-premium'
  location: 'westeurope'
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  properties: {
    storageSettings: [
      {
        datastoreType: 'VaultStore'
        type: 'GeoRedundant'
      }
    ]
    securitySettings: {
      softDeleteSettings: {
        state: 'AlwaysOn'
      }
      immutabilitySettings: {
        state: 'Locked'
      }
    }
  }
}
