resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-erp'
  location: 'westeurope'
  tags: {
    tenant: 'platform'
    environment: 'production'
  }
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
}

resource foreign 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-westmoor-prd'
  location: 'westeurope'
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
  }
}

resource alone 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  // fail 3603c1393d9d: it has no private endpoint; production is reached privately
  name: 'stalone'
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

resource stranger 'Microsoft.KeyVault/vaults@2024-11-01' = {
  // fail 5838092ebd66: its private endpoint is in the network of another tenant; its own is expected
  name: 'kv-stranger'
  location: 'westeurope'
  tags: {
    tenant: 't01'
    environment: 'production'
  }
  properties: {
    enableRbacAuthorization: true
    sku: {
      family: 'A'
      name: 'premium'
    }
  }
}

resource unresolved 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  // fail 18ba88d78d86: its private endpoint 'pe-acr' has no private DNS zone group; its name resolves publicly
  name: 'acrunresolved'
  location: 'westeurope'
  sku: {
    name: 'Premium'
  }
  tags: {
    tenant: 'platform'
    environment: 'production'
  }
  properties: {
    adminUserEnabled: false
  }
}

resource cache 'Microsoft.Cache/redis@2024-11-01' = {
  // fail eef9b3974f68: it has no private endpoint; production is reached privately
  name: 'redis-erp'
  location: 'westeurope'
  tags: {
    tenant: 't01'
    environment: 'production'
  }
  properties: {
    minimumTlsVersion: '1.2'
  }
}

resource kv 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-kv'
  location: 'westeurope'
  properties: {
    subnet: {
      id: '${foreign.id}/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'kv'
        properties: {
          privateLinkServiceId: stranger.id
          groupIds: [
            'vault'
          ]
        }
      }
    ]
  }
}

resource acr 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-acr'
  location: 'westeurope'
  properties: {
    subnet: {
      id: '${network.id}/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'acr'
        properties: {
          privateLinkServiceId: unresolved.id
          groupIds: [
            'registry'
          ]
        }
      }
    ]
  }
}

resource wrong 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-wrong'
  location: 'westeurope'
  properties: {
    subnet: {
      id: '${network.id}/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'wrong'
        properties: {
          privateLinkServiceId: cache.id
          groupIds: [
            'vault'
          ]
        }
      }
    ]
  }
}
