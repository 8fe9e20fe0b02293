resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    allowBlobPublicAccess: false
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: documents
  name: 'default'
  properties: {}
}

resource dumps 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'dumps'
  properties: {
    publicAccess: 'None'
  }
}
