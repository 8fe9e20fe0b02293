resource default 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdefault'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}

resource stated 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'ststated'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    supportsHttpsTrafficOnly: true
  }
}
