resource absent 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-absent'
  location: 'westeurope'
  // fail 9a1ac3e987ec: minimumTlsVersion is not set; 1.2 or later is expected
  properties: {
    sku: {
      name: 'Premium'
      family: 'P'
      capacity: 1
    }
  }
}

resource stated 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-stated'
  location: 'westeurope'
  properties: {
    sku: {
      name: 'Premium'
      family: 'P'
      capacity: 1
    }
    // fail 066b34f93700: minimumTlsVersion is 1.0; 1.2 or later is expected
    minimumTlsVersion: '1.0'
  }
}

resource managed 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: 'redis-managed'
  location: 'westeurope'
  sku: {
    name: 'Balanced_B3'
  }
  properties: {
    // fail 712cbbae7c59: minimumTlsVersion is 1.1; 1.2 or later is expected
    minimumTlsVersion: '1.1'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: managed
  name: 'default'
  properties: {
    // fail f889d86a11ab: clientProtocol is Plaintext; Encrypted is expected
    clientProtocol: 'Plaintext'
  }
}
