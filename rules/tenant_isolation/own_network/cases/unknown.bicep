param network string

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
        name: 'to-some'
        properties: {
          remoteVirtualNetwork: {
            // unknown bf8c1574e7b5: properties.virtualNetworkPeerings[*].properties.remoteVirtualNetwork.id is not known: parameter 'network' has no value
            id: network
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
          allowForwardedTraffic: false
        }
      }
    ]
  }
}
