param tags object

resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  // unknown 953ff516151c: tags is not known: parameter 'tags' has no value
  tags: tags
}
