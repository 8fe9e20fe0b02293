param httpsOnly bool

resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    // unknown ad305603f41a: properties.supportsHttpsTrafficOnly is not known: parameter 'httpsOnly' has no value
    supportsHttpsTrafficOnly: httpsOnly
  }
}
