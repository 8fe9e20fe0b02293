resource absent 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-absent'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  // fail 0802c74d491f: backupRetentionDays is 7; tier standard requires 14
  properties: {
    version: '16'
  }
  tags: {
    tenant: 't01'
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
      // fail db253c8f8a09: backupRetentionDays is 14; tier business requires 30
      backupRetentionDays: 14
    }
  }
  tags: {
    tenant: 'shared'
    environment: 'production'
    'service-tier': 'business'
  }
}
