resource group 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-group'
  location: 'westeurope'
  properties: {
    securityRules: [
      {
        name: 'all'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          // fail 2eb7f5400eea: rule 'all' opens every port to anyone (source *); name ports and addresses
          sourceAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'database'
        properties: {
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          // fail dc4630b75513: rule 'database' opens 5432 (PostgreSQL) to anyone (source Internet); data stays inside
          sourceAddressPrefix: 'Internet'
          destinationPortRange: '5000-6000'
        }
      }
    ]
  }
}

resource cluster 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: group
  name: 'cluster'
  properties: {
    priority: 200
    direction: 'Inbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourcePortRange: '*'
    destinationAddressPrefix: '*'
    // fail 1af0460f5612: rule 'cluster' opens 6443 (Kubernetes API), 10250 (kubelet) to anyone (source 0.0.0.0/0); data stays inside
    sourceAddressPrefixes: ['0.0.0.0/0']
    destinationPortRanges: ['6443', '10250']
  }
}
