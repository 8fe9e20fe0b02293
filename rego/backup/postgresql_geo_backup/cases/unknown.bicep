param geo string

resource shared 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-shared'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    backup: {
      // unknown 88b9cec87391: properties.backup.geoRedundantBackup is not known: parameter 'geo' has no value
      geoRedundantBackup: geo
    }
  }
  tags: {
    tenant: 't02'
    environment: 'production'
  }
}

// unknown 39597c5c51cc: the tier is not known: no tenant: tag tenant names none, tag tenant of the resource group names none, the subscription's owner names none
resource nobody 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-nobody'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
  }
}
