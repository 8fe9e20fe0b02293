resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource later 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stlater'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_3'
  }
}
