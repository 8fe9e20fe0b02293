param tags object

resource some 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stsome'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // unknown b30641425f5b: tags is not known: parameter 'tags' has no value
  tags: tags
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}
