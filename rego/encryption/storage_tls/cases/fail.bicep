resource absent 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stabsent'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // fail eea30ca2360a: minimumTlsVersion is not set, which admits TLS 1.0; TLS1_2 or later is expected
  properties: {}
}

resource stated 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'ststated'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    // fail e5f0fb48926d: minimumTlsVersion is TLS1_1; TLS1_2 or later is expected
    minimumTlsVersion: 'TLS1_1'
  }
}
