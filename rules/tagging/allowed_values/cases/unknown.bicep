param tenant string

resource documents 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stdocuments'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  tags: {
    // unknown 5b19f8957b56: tags.tenant is not known: parameter 'tenant' has no value
    tenant: tenant
  }
}
