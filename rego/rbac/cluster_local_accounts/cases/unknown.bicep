param disabled bool

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
    // unknown 025f4fa00bb4: properties.disableLocalAccounts is not known: parameter 'disabled' has no value
    disableLocalAccounts: disabled
  }
}
