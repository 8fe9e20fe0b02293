resource all 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stall'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  tags: {
    Tenant: 't01'
    Environment: 'production'
    OWNER: 'grp-erp'
    'Cost-Center': 'CC-4100'
  }
}
