resource none 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stnone'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: { name: 'Standard_GZRS' }
  properties: {}
  // fail 8db858a00d7a: tag 'backup-class' is missing or empty; 'silver' or stricter is required by tier standard
  tags: { tenant: 't01', environment: 'production' }
}

resource low 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-low'
  location: 'westeurope'
  properties: { version: '16' }
  // fail c7cea62a98a0: tag 'backup-class' is 'silver'; 'gold' or stricter is required by tier business
  tags: { tenant: 't02', environment: 'production', 'backup-class': 'silver' }
}
