resource cluster 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-cluster'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
        enableEncryptionAtHost: true
      }
    ]
  }
}

resource web 'Microsoft.ContainerService/managedClusters/agentPools@2025-10-01' = {
  parent: cluster
  name: 'web'
  properties: {
    mode: 'User'
    count: 3
    vmSize: 'Standard_D8s_v5'
    enableEncryptionAtHost: true
  }
}
