resource absent 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrabsent'
  location: 'westeurope'
  sku: {
    name: 'Premium'
  }
  properties: {}
}

resource stated 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrstated'
  location: 'westeurope'
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
  }
}
