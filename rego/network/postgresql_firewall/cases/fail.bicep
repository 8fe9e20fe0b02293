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

resource azure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'azure'
  properties: {
    // fail 9f2369ff8fed: it admits 0.0.0.0 to 0.0.0.0, which means everything inside Azure; single addresses are expected
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource wide 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'wide'
  properties: {
    startIpAddress: '198.51.100.0'
    // fail 4da90c5d118b: it admits 257 addresses; at most 256 are allowed
    endIpAddress: '198.51.101.0'
  }
}
