param plain bool

resource shared 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-shared'
  location: 'westeurope'
  properties: {
    sku: {
      name: 'Premium'
      family: 'P'
      capacity: 1
    }
    // unknown 39467d2f4eac: properties.enableNonSslPort is not known: parameter 'plain' has no value
    enableNonSslPort: plain
  }
}
