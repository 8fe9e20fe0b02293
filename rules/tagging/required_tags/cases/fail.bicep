// fail dd564ff582ec: tags 'environment', 'tenant', 'owner', 'cost-center' are missing or empty; the estate requires them
resource none 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stnone'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}

resource some 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stsome'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  // fail 07f633afd511: tag 'cost-center' is missing or empty; the estate requires them
  tags: {
    tenant: 't01'
    environment: 'production'
    owner: 'grp-erp'
    'cost-center': ''
  }
}
