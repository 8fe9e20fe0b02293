resource alone 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-alone'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    // fail 4c0a40b620ed: it has neither a delegated subnet nor a private endpoint; one of them is expected
    network: {
      publicNetworkAccess: 'Enabled'
    }
  }
}

resource wrong 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-wrong'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    // fail a7d51fc6e21b: it has neither a delegated subnet nor a private endpoint; one of them is expected
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
          privateLinkServiceId: wrong.id
          groupIds: [
            'sqlServer'
          ]
        }
      }
    ]
  }
}
