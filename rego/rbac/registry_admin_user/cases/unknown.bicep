param admin bool

resource images 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrimages'
  location: 'westeurope'
  sku: {
    name: 'Premium'
  }
  properties: {
    // unknown 0f3b8d5f4885: properties.adminUserEnabled is not known: parameter 'admin' has no value
    adminUserEnabled: admin
  }
}
