resource cluster 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-cluster'
  location: 'westeurope'
  properties: {
    dnsPrefix: 'aks'
    agentPoolProfiles: [
      // fail 04445ee1ec7b: pool 'system' has enableEncryptionAtHost not set; it must be true
      {
        name: 'system'
        mode: 'System'
        count: 3
        vmSize: 'Standard_D4s_v5'
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
    // fail 4811aae3c897: pool 'web' has enableEncryptionAtHost false; it must be true
    enableEncryptionAtHost: false
  }
}
