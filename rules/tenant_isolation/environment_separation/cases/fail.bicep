resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-data'
  location: 'westeurope'
  tags: { tenant: 'platform', environment: 'development' }
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [{ name: 'snet-data', properties: { addressPrefix: '10.0.0.0/24' } }]
  }
}

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-westmoor'
  location: 'westeurope'
  tags: { tenant: 't23', environment: 'production' }
  properties: {
    version: '16'
    network: {
      // fail d5373e289866: it is of class production and has its address in virtual network vnet-data of class nonproduction; the two stay apart
      delegatedSubnetResourceId: resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-data', 'snet-data')
    }
  }
}
