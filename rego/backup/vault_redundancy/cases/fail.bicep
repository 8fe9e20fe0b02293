resource absent 'Microsoft.RecoveryServices/vaults@2024-04-01' = {
  name: 'rsv-absent'
  location: 'westeurope'
  sku: {
    name: 'RS0'
    tier: 'Standard'
  }
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  // fail 39cbfbd1974e: restoring in the other region is Disabled; tier premium requires it Enabled
  properties: {
    publicNetworkAccess: 'Disabled'
  }
}

resource local 'Microsoft.RecoveryServices/vaults@2024-04-01' = {
  name: 'rsv-local'
  location: 'westeurope'
  sku: {
    name: 'RS0'
    tier: 'Standard'
  }
  tags: {
    tenant: 'shared'
    environment: 'production'
    'service-tier': 'premium'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
    redundancySettings: {
      // fail 235dc624930e: backups are stored LocallyRedundant; tier premium requires GeoRedundant
      standardTierStorageRedundancy: 'LocallyRedundant'
      // fail 8a9c789b8249: restoring in the other region is Disabled; tier premium requires it Enabled
      crossRegionRestore: 'Disabled'
    }
  }
}

resource zones 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bv-zones'
  location: 'westeurope'
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  // fail 8abd1c36dc57: restoring in the other region is Disabled; tier premium requires it Enabled
  properties: {
    // fail 5acc5953202c: backups are stored ZoneRedundant; tier premium requires GeoRedundant
    storageSettings: [
      {
        datastoreType: 'VaultStore'
        type: 'ZoneRedundant'
      }
    ]
  }
}
