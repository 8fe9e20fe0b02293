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
  // fail 99c99d29cb4e: immutability is Disabled; tier standard requires locked or unlocked
  properties: {
    publicNetworkAccess: 'Disabled'
  }
}

resource soft 'Microsoft.RecoveryServices/vaults@2024-04-01' = {
  name: 'rsv-soft'
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
      softDeleteSettings: {
        // fail 0a8629a5b876: soft delete is Disabled; it must be on
        softDeleteState: 'Disabled'
      }
      immutabilitySettings: {
        state: 'Locked'
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
        // fail a05f6c0facce: soft delete is Off; it must be on
        state: 'Off'
      }
      immutabilitySettings: {
        // fail d1e2ade02584: immutability is Unlocked; tier premium requires locked
        state: 'Unlocked'
      }
    }
  }
}
