resource absent 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-absent'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  // fail bfbeb497982c: geoRedundantBackup is Disabled; tier business requires Enabled
  properties: {
    version: '16'
  }
  tags: {
    tenant: 't02'
    environment: 'production'
  }
}

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
      // fail ab022e52605d: geoRedundantBackup is Disabled; tier premium requires Enabled
      geoRedundantBackup: 'Disabled'
    }
  }
  tags: {
    tenant: 'shared'
    environment: 'production'
    'service-tier': 'premium'
  }
}
