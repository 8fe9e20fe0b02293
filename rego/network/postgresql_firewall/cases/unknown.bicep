param start string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-server'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
  }
}

resource office 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'office'
  properties: {
    // unknown 8e0089e897c5: properties.startIpAddress is not known: parameter 'start' has no value
    startIpAddress: start
    endIpAddress: '203.0.113.7'
  }
}
