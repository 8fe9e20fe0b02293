resource shared 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-shared'
  location: 'westeurope'
  properties: {
    sku: {
      name: 'Premium'
      family: 'P'
      capacity: 1
    }
    // fail e99df6bb4769: enableNonSslPort is true; the plain port must stay closed
    enableNonSslPort: true
  }
}
