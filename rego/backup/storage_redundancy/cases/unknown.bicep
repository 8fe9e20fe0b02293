param replication string

resource standard 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'ststandard'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    // unknown 1dd84fa7562d: sku.name is not known: parameter 'replication' has no value
    name: replication
  }
  properties: {}
  tags: {
    tenant: 't01'
    environment: 'production'
  }
}

// unknown d9ec69a6bc2e: the tier is not known: no tenant: tag tenant names none, tag tenant of the resource group names none, the subscription's owner names none
resource nobody 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stnobody'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}
