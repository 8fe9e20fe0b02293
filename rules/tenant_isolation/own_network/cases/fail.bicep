resource other 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-aldersyde'
  location: 'westeurope'
  tags: {
    tenant: 't01'
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

resource own 'Microsoft.Network/virtualNetworks@2024-05-01' = {
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
    virtualNetworkPeerings: [
      {
        name: 'to-other'
        properties: {
          remoteVirtualNetwork: {
            // fail 4bb4f5d2d25a: peered with 'vnet-aldersyde' of tenant t01 (aldersyde); only a hub or its own networks are allowed
            id: other.id
          }
          allowVirtualNetworkAccess: true
          allowForwardedTraffic: false
        }
      }
      {
        name: 'to-hub'
        properties: {
          remoteVirtualNetwork: {
            id: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.Network/virtualNetworks/vnet-hub-prd-weu'
          }
          allowVirtualNetworkAccess: true
          // fail 02407f432efe: the peering with hub 'vnet-hub-prd-weu' admits forwarded traffic; it must not, or a firewall must filter it
          allowForwardedTraffic: true
        }
      }
      {
        name: 'to-strange'
        properties: {
          remoteVirtualNetwork: {
            // fail 32bce40cf9f1: peered with 'vnet-strange', which is neither a hub of the estate nor its own
            id: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-x/providers/Microsoft.Network/virtualNetworks/vnet-strange'
          }
          allowVirtualNetworkAccess: true
          allowForwardedTraffic: false
        }
      }
      {
        name: 'to-fake'
        properties: {
          remoteVirtualNetwork: {
            // fail cbdc05305d96: peered with 'vnet-hub-prd-weu' in a subscription that the estate does not declare, which is neither a hub of the estate nor its own
            id: '/subscriptions/00000000-0000-0000-0000-0000000009ff/resourceGroups/rg-hub-prd-weu/providers/Microsoft.Network/virtualNetworks/vnet-hub-prd-weu'
          }
          allowVirtualNetworkAccess: true
          allowForwardedTraffic: false
        }
      }
    ]
  }
}
