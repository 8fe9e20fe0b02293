resource closed 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-closed'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      publicNetworkAccess: 'disabled'
    }
  }
}

resource injected 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-injected'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      delegatedSubnetResourceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/psql'
    }
  }
}

resource old 'Microsoft.DBforPostgreSQL/servers@2017-12-01' = {
  name: 'psql-old'
  location: 'westeurope'
  properties: {
    version: '11'
    publicNetworkAccess: 'Disabled'
  }
}
