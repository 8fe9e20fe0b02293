param azureRbac bool

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
    aadProfile: {
      managed: true
      // unknown 66302f70e27a: properties.aadProfile.enableAzureRBAC is not known: parameter 'azureRbac' has no value
      enableAzureRBAC: azureRbac
    }
  }
}
