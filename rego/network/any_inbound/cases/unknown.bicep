param ports string

resource group 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-group'
  location: 'westeurope'
  properties: {
    securityRules: [
      {
        name: 'web'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          sourceAddressPrefix: '*'
          // unknown aa30babd762f: properties.securityRules[*].properties.destinationPortRange is not known: parameter 'ports' has no value
          destinationPortRange: ports
        }
      }
    ]
  }
}
