resource archive 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'starchive'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // unknown 2254ec9b6a74: whose its resource group is cannot be told: the group is not at hand
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}
