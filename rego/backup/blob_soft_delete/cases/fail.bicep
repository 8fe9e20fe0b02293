// fail d835f737f77d: containers are not kept when they are deleted; containerDeleteRetentionPolicy must be enabled
// fail 11414443afa9: blobs are not kept when they are deleted; deleteRetentionPolicy must be enabled
resource absent 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stabsent'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}

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
      // fail 0719cc8a2751: deleted blobs are kept for 7 days; 14 are expected
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
    }
  }
}

resource backups 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stbackupprd01'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}

resource backupBlobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: backups
  name: 'default'
  // fail 8b31d9e8550f: blobs of a backup account have no versions; isVersioningEnabled must be true
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 14
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 14
    }
  }
}
