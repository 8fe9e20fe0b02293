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

resource files 'Microsoft.Storage/storageAccounts@2023-05-01' = {
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

resource keys 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-keys'
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

resource images 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrimages'
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

resource testing 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'sttesting'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'staging'
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
      id: '${network.id}/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'st'
        properties: {
          privateLinkServiceId: files.id
          groupIds: [
            'blob'
          ]
        }
      }
    ]
  }
}

resource stzone 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: st
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'zone'
        properties: {
          privateDnsZoneId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
        }
      }
    ]
  }
}

resource kv 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-kv'
  location: 'westeurope'
  properties: {
    subnet: {
      id: '${network.id}/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'kv'
        properties: {
          privateLinkServiceId: keys.id
          groupIds: [
            'vault'
          ]
        }
      }
    ]
  }
}

resource kvzone 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: kv
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'zone'
        properties: {
          privateDnsZoneId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
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
          privateLinkServiceId: images.id
          groupIds: [
            'registry'
          ]
        }
      }
    ]
  }
}

resource acrzone 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: acr
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'zone'
        properties: {
          privateDnsZoneId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
        }
      }
    ]
  }
}

resource redis 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-redis'
  location: 'westeurope'
  properties: {
    subnet: {
      id: '${network.id}/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'redis'
        properties: {
          privateLinkServiceId: cache.id
          groupIds: [
            'redisCache'
          ]
        }
      }
    ]
  }
}

resource rediszone 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: redis
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'zone'
        properties: {
          privateDnsZoneId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
        }
      }
    ]
  }
}
