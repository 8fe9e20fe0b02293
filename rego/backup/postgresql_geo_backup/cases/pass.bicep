resource business 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-business'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    backup: {
      geoRedundantBackup: 'Enabled'
    }
  }
  tags: {
    tenant: 't02'
    environment: 'production'
  }
}

resource standard 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-standard'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
  }
}

resource replica 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-replica'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    createMode: 'Replica'
  }
  tags: {
    tenant: 't02'
    environment: 'production'
  }
}
