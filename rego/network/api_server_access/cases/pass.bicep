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
      enablePrivateCluster: true
    }
  }
  tags: {
    tenant: 'shared'
    environment: 'production'
    'service-tier': 'standard'
  }
}

resource staging 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-staging'
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
      authorizedIPRanges: ['203.0.113.0/24']
    }
  }
  tags: {
    tenant: 'shared'
    environment: 'staging'
    'service-tier': 'standard'
  }
}
