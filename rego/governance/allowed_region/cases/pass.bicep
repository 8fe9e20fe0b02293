resource shared 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stshared'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
}

resource tenant 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'sttenant'
  location: 'North Europe'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  tags: {
    tenant: 't01'
    environment: 'production'
  }
}

resource zone 'Microsoft.Network/dnsZones@2018-05-01' = {
  name: 'erp.example.net'
  location: 'global'
}
