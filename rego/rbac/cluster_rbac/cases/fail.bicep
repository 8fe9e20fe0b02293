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
    // fail b6ed989841d2: enableRBAC is false; it must be on
    enableRBAC: false
  }
}
