resource other 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stother'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
    // fail 8e570ce816b8: tag 'service-tier' is 'premium'; tenant t01 has tier standard
    'service-tier': 'premium'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}
