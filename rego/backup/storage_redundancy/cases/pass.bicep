resource business 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stbusiness'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  tags: {
    tenant: 't02'
    environment: 'production'
  }
}

resource standard 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'ststandard'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {}
  tags: {
    tenant: 't01'
    environment: 'production'
  }
}

resource staging 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'ststaging'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {}
  tags: {
    tenant: 't01'
    environment: 'staging'
  }
}
