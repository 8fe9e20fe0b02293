resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // fail a3dd209ff02d: allowBlobPublicAccess is not set; it must be false
  properties: {}
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: documents
  name: 'default'
  properties: {}
}

resource pictures 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'pictures'
  properties: {
    // fail ae12ff5bede9: publicAccess is Blob; it must be None
    publicAccess: 'Blob'
  }
}

resource stated 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'ststated'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    // fail 27971fe393c1: allowBlobPublicAccess is true; it must be false
    allowBlobPublicAccess: true
  }
}
