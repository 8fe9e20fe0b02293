resource absent 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-absent'
  location: 'westeurope'
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
    enableNonSslPort: false
  }
}
