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
          // fail 25da22a7bd60: rule 'ssh' opens 22 (SSH) to anyone (source *); name the addresses that need it
          sourceAddressPrefix: '*'
          destinationPortRange: '22'
        }
      }
      {
        name: 'all'
        properties: {
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          // fail 023cdda0dd5e: rule 'all' opens 22 (SSH), 3389 (RDP), 5985 (WinRM), 5986 (WinRM) to anyone (source Internet); name the addresses that need it
          sourceAddressPrefix: 'Internet'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource windows 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: group
  name: 'windows'
  properties: {
    priority: 200
    direction: 'Inbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourcePortRange: '*'
    destinationAddressPrefix: '*'
    // fail 388dddfe2c8e: rule 'windows' opens 3389 (RDP), 5986 (WinRM) to anyone (source 0.0.0.0/0); name the addresses that need it
    sourceAddressPrefixes: ['203.0.113.7', '0.0.0.0/0']
    destinationPortRanges: ['80', '3000-3999', '5986']
  }
}
