resource shared 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-shared'
  location: 'westeurope'
  properties: {
    sku: {
      name: 'Premium'
      family: 'P'
      capacity: 1
    }
    minimumTlsVersion: '1.2'
  }
}

resource managed 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: 'redis-managed'
  location: 'westeurope'
  sku: {
    name: 'Balanced_B3'
  }
  properties: {}
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: managed
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
  }
}
