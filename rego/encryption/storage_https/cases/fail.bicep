resource stated 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'ststated'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    // fail 4513eb235285: supportsHttpsTrafficOnly is false; secure transfer must be required
    supportsHttpsTrafficOnly: false
  }
}

resource old 'Microsoft.Storage/storageAccounts@2018-11-01' = {
  name: 'stold'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // fail 61f47e13a5da: supportsHttpsTrafficOnly is false; secure transfer must be required
  properties: {}
}
