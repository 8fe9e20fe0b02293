param rbac bool

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
    // unknown 844172393e99: properties.enableRBAC is not known: parameter 'rbac' has no value
    enableRBAC: rbac
  }
}
