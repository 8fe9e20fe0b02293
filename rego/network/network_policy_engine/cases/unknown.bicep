param engine string

resource production 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-production'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
      }
    ]
    networkProfile: {
      networkPlugin: 'azure'
      // unknown ae5057dd39ee: properties.networkProfile.networkPolicy is not known: parameter 'engine' has no value
      networkPolicy: engine
    }
  }
}
