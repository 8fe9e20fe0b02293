param class string

resource open 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stopen'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: { name: 'Standard_GZRS' }
  properties: {}
  // unknown e6a5b96a0977: tags.backup-class is not known: parameter 'class' has no value
  tags: { tenant: 't01', environment: 'production', 'backup-class': class }
}
