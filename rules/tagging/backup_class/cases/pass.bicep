resource same 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stsame'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: { name: 'Standard_GZRS' }
  properties: {}
  tags: { tenant: 't01', environment: 'production', 'backup-class': 'silver' }
}
