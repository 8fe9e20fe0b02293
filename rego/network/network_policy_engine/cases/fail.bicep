resource absent 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-absent'
  location: 'westeurope'
  // fail 984a24d7c4b3: no network policy engine is configured (networkPolicy not set); azure, calico or cilium is expected
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

resource none 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-none'
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
      // fail 49183c0d2b70: no network policy engine is configured (networkPolicy none); azure, calico or cilium is expected
      networkPolicy: 'none'
    }
  }
}
