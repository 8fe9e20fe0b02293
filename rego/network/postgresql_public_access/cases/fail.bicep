resource absent 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-absent'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  // fail 83f80c69f640: publicNetworkAccess is not set; it must be Disabled, or the server injected into a subnet
  properties: {
    version: '16'
  }
}

resource stated 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-stated'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      // fail 83251fb1c5e8: publicNetworkAccess is Enabled; it must be Disabled, or the server injected into a subnet
      publicNetworkAccess: 'Enabled'
    }
  }
}

resource old 'Microsoft.DBforPostgreSQL/servers@2017-12-01' = {
  name: 'psql-old'
  location: 'westeurope'
  properties: {
    version: '11'
    // fail 4f6586eb93b2: publicNetworkAccess is Enabled; it must be Disabled
    publicNetworkAccess: 'Enabled'
  }
}
