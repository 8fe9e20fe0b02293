resource without 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-without'
  location: 'westeurope'
  // fail a7d73586b9c1: aadProfile.enableAzureRBAC is not true; it must be
  // fail 085d20f05d02: aadProfile.managed is not true; it must be
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

resource other 'Microsoft.ContainerService/managedClusters@2025-10-01' = {
  name: 'aks-other'
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
      // fail 03681e4da41d: aadProfile.enableAzureRBAC is not true; it must be
      enableAzureRBAC: false
      // fail a231b8b06fd0: administrator group 00000000-0000-0000-0000-0000000bad01 is not declared as one; declare it in the estate or remove it
      adminGroupObjectIDs: ['00000000-0000-0000-0000-0000000bad01']
    }
  }
}
