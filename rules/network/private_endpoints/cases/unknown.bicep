param account string

resource files 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  // unknown 26ea1344ed78: where every private endpoint leads is not known
  name: 'stfiles'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource whose 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stwhose'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // unknown f74a6ff3bfa8: its environment is not known: neither its tags nor its group or subscription name one
  tags: {
    tenant: 't01'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource st 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-st'
  location: 'westeurope'
  properties: {
    subnet: {
      id: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.Network/virtualNetworks/vnet-erp/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'st'
        properties: {
          privateLinkServiceId: account
          groupIds: [
            'blob'
          ]
        }
      }
    ]
  }
}
