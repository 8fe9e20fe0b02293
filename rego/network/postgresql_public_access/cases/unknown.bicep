param access string

resource shared 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-shared'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      // unknown d3e0a74b2f24: properties.network.publicNetworkAccess is not known: parameter 'access' has no value
      publicNetworkAccess: access
    }
  }
}
