param environment string

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-data'
  location: 'westeurope'
  // unknown 9fa78ce60c80: tags.environment is not known: parameter 'environment' has no value
  tags: { tenant: 'platform', environment: environment }
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [{ name: 'snet-data', properties: { addressPrefix: '10.0.0.0/24' } }]
  }
}

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-westmoor'
  location: 'westeurope'
  // unknown daf94db73509: tags.environment is not known: parameter 'environment' has no value
  tags: { tenant: 't23', environment: environment }
  properties: {
    version: '16'
    network: {
      delegatedSubnetResourceId: resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-data', 'snet-data')
    }
  }
}
