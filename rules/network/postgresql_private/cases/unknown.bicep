param subnet string
param server string

resource linked 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-linked'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    // unknown 57692408d47e: where every private endpoint leads is not known
    network: {
      publicNetworkAccess: 'Disabled'
    }
  }
}

resource somewhere 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-somewhere'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      // unknown 0883e46585ca: properties.network.delegatedSubnetResourceId is not known: parameter 'subnet' has no value
      delegatedSubnetResourceId: subnet
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-endpoint'
  location: 'westeurope'
  properties: {
    subnet: {
      id: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.Network/virtualNetworks/vnet-erp/subnets/endpoints'
    }
    privateLinkServiceConnections: [
      {
        name: 'endpoint'
        properties: {
          privateLinkServiceId: server
          groupIds: [
            'postgresqlServer'
          ]
        }
      }
    ]
  }
}
