param tls string

resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    // unknown 24569e166f48: properties.minimumTlsVersion is not known: parameter 'tls' has no value
    minimumTlsVersion: tls
  }
}
