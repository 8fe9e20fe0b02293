resource routes 'Microsoft.Network/routeTables@2024-05-01' = {
  name: 'rt-westmoor'
  location: 'westeurope'
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  properties: {
    routes: [
      {
        name: 'out'
        properties: {
          addressPrefix: '0.0.0.0/0'
          nextHopType: 'VirtualAppliance'
          nextHopIpAddress: '10.20.0.4'
        }
      }
    ]
  }
}

resource second 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-westmoor-dr'
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
    virtualNetworkPeerings: []
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
        name: 'to-hub'
        properties: {
          remoteVirtualNetwork: {
            id: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.Network/virtualNetworks/vnet-hub-prd-weu'
          }
          allowVirtualNetworkAccess: true
          allowForwardedTraffic: false
        }
      }
      {
        name: 'to-second'
        properties: {
          remoteVirtualNetwork: {
            id: second.id
          }
          allowVirtualNetworkAccess: true
          allowForwardedTraffic: false
        }
      }
    ]
  }
}

resource routed 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-westmoor-routed'
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
        name: 'to-hub'
        properties: {
          remoteVirtualNetwork: {
            id: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.Network/virtualNetworks/vnet-hub-prd-weu'
          }
          allowVirtualNetworkAccess: true
          allowForwardedTraffic: true
        }
      }
    ]
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.9.0.0/24'
          routeTable: {
            id: routes.id
          }
        }
      }
    ]
  }
}

resource shared 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-mt'
  location: 'westeurope'
  tags: {
    tenant: 'shared'
  }
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
    virtualNetworkPeerings: [
      {
        name: 'any'
        properties: {
          remoteVirtualNetwork: {
            id: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-x/providers/Microsoft.Network/virtualNetworks/vnet-strange'
          }
          allowVirtualNetworkAccess: true
          allowForwardedTraffic: true
        }
      }
    ]
  }
}
