param days int

resource tenant 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-tenant'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    backup: {
      // unknown dfa2533dcc1a: properties.backup.backupRetentionDays is not known: parameter 'days' has no value
      backupRetentionDays: days
    }
  }
  tags: {
    tenant: 't01'
    environment: 'production'
  }
}

// unknown 3cdc5e631122: the tier is not known: no tenant: tag tenant names none, tag tenant of the resource group names none, the subscription's owner names none
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
