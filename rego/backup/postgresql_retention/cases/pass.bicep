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
      backupRetentionDays: 14
    }
  }
  tags: {
    tenant: 't01'
    environment: 'production'
  }
}
