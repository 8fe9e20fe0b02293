resource tenant 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'sttenant'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  tags: {
    tenant: 't01'
    environment: 'production'
    owner: 'grp-erp'
    'cost-center': 'CC-4100'
  }
}

resource none 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stnone'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}
