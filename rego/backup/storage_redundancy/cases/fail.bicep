resource business 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stbusiness'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    // fail 9a21ffb4ae1d: data is stored as Standard_ZRS; tier business requires geo-redundant storage
    name: 'Standard_ZRS'
  }
  properties: {}
  tags: {
    tenant: 't02'
    environment: 'production'
  }
}

resource shared 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stshared'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    // fail c36348af6a20: data is stored as Standard_LRS; production requires at least zone-redundant storage
    name: 'Standard_LRS'
  }
  properties: {}
  tags: {
    tenant: 'shared'
    environment: 'production'
    'service-tier': 'standard'
  }
}
