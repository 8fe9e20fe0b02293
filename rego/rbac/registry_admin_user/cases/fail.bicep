resource images 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrimages'
  location: 'westeurope'
  sku: {
    name: 'Premium'
  }
  properties: {
    // fail ac4c89ed20ae: adminUserEnabled is true; the admin user must be disabled
    adminUserEnabled: true
  }
}
