param office string

resource group 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-group'
  location: 'westeurope'
  properties: {
    securityRules: [
      {
        name: 'ssh'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          // unknown 36fcc35c9d90: properties.securityRules[*].properties.sourceAddressPrefix is not known: parameter 'office' has no value
          sourceAddressPrefix: office
          destinationPortRange: '22'
        }
      }
    ]
  }
}
