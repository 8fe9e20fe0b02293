param tls string

resource shared 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-shared'
  location: 'westeurope'
  properties: {
    sku: {
      name: 'Premium'
      family: 'P'
      capacity: 1
    }
    // unknown 1817355dcdd4: properties.minimumTlsVersion is not known: parameter 'tls' has no value
    minimumTlsVersion: tls
  }
}
