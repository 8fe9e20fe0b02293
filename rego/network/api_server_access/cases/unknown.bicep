param private bool

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
    apiServerAccessProfile: {
      // unknown 8f4e67f872c1: properties.apiServerAccessProfile.enablePrivateCluster is not known: parameter 'private' has no value
      enablePrivateCluster: private
    }
  }
}
