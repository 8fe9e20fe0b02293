param region string

resource somewhere 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stsomewhere'
  // unknown 5bf2a5c37ea7: location is not known: parameter 'region' has no value
  location: region
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}
