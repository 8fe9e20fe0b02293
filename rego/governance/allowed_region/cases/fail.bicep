resource elsewhere 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stelsewhere'
  // fail 45bd6e8abb74: location is eastus; allowed are germanywestcentral, northeurope, uksouth, ukwest, westeurope
  location: 'East US'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}

resource abroad 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stabroad'
  // fail 6ed2bd8f95d3: location is uksouth; allowed are germanywestcentral, northeurope, westeurope
  location: 'uksouth'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  tags: {
    tenant: 't01'
    environment: 'production'
  }
}
