param state string

resource erp 'Microsoft.RecoveryServices/vaults@2024-04-01' = {
  name: 'rsv-erp'
  location: 'westeurope'
  sku: {
    name: 'RS0'
    tier: 'Standard'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
    securitySettings: {
      immutabilitySettings: {
        // unknown e504541ede0f: properties.securitySettings.immutabilitySettings.state is not known: parameter 'state' has no value
        state: state
      }
    }
  }
}
