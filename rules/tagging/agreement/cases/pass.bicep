resource own 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stown'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
    'service-tier': 'standard'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}
