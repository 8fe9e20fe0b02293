resource absent 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-absent'
  location: 'westeurope'
  // fail c978308b5b97: disableLocalAccounts is not true; it must be
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

resource stated 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-stated'
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
    // fail cf66292d52d9: disableLocalAccounts is not true; it must be
    disableLocalAccounts: false
  }
}
