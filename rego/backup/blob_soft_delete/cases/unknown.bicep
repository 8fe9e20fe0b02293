param days int

resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: documents
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      // unknown b8e8db88c8c5: properties.deleteRetentionPolicy.days is not known: parameter 'days' has no value
      days: days
    }
    containerDeleteRetentionPolicy: {
      enabled: true
    }
  }
}
