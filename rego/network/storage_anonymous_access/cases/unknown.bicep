param public bool

resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    // unknown ed6172d87cb1: properties.allowBlobPublicAccess is not known: parameter 'public' has no value
    allowBlobPublicAccess: public
  }
}
