resource open 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-open'
  location: 'westeurope'
  // fail fec1369e826e: the API server is public to everyone; a private cluster or authorized IP ranges are expected
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
  }
}

resource wide 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-wide'
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
      // fail df4858f070fa: authorized IP range 0.0.0.0/0 is the whole Internet; name the ranges that need the API server
      authorizedIpRanges: ['203.0.113.0/24', '0.0.0.0/0']
    }
  }
}

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
    // fail 91e3f1539180: the API server is public; clusters of production must be private
    apiServerAccessProfile: {
      authorizedIPRanges: ['203.0.113.0/24']
    }
  }
  tags: {
    tenant: 'shared'
    environment: 'production'
    'service-tier': 'standard'
  }
}
