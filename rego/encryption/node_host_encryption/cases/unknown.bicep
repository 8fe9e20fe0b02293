param encrypt bool

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
        // unknown 0a25fdb3c114: properties.agentPoolProfiles[*].enableEncryptionAtHost is not known: parameter 'encrypt' has no value
        enableEncryptionAtHost: encrypt
      }
    ]
  }
}
