resource inside 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-inside'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      publicNetworkAccess: 'Disabled'
      delegatedSubnetResourceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.Network/virtualNetworks/vnet-erp/subnets/database'
    }
  }
}

resource linked 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-linked'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      publicNetworkAccess: 'Disabled'
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
          privateLinkServiceId: linked.id
          groupIds: [
            'postgresqlServer'
          ]
        }
      }
    ]
  }
}
