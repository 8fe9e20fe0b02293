param mode string

resource erp 'Microsoft.RecoveryServices/vaults@2024-04-01' = {
  name: 'rsv-erp'
  location: 'westeurope'
  sku: {
    name: 'RS0'
    tier: 'Standard'
  }
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
    redundancySettings: {
      // unknown 58a26a66bb7c: properties.redundancySettings.standardTierStorageRedundancy is not known: parameter 'mode' has no value
      standardTierStorageRedundancy: mode
      crossRegionRestore: 'Enabled'
    }
  }
}
