param workspace string
param category string

resource keys 'Microsoft.KeyVault/vaults@2024-11-01' = {
  // unknown 160cd41915c3: the workspace of a diagnostic setting is not known
  name: 'kv-keys'
  location: 'westeurope'
  tags: {}
  properties: {
    enableRbacAuthorization: true
    sku: {
      family: 'A'
      name: 'premium'
    }
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  // unknown bccc02a56b66: the logs of a diagnostic setting are not known
  name: 'psql-erp'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    network: {
      publicNetworkAccess: 'Disabled'
      delegatedSubnetResourceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.Network/virtualNetworks/vnet-erp/subnets/database'
    }
  }
}

resource cache 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'redis-erp'
  location: 'westeurope'
  tags: {}
  properties: {
    minimumTlsVersion: '1.2'
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: keys
  name: 'audit'
  properties: {
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
    workspaceId: workspace
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: database
  name: 'logs'
  properties: {
    logs: [
      {
        category: category
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource clients 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: cache
  name: 'clients'
  properties: {
    logs: [
      {
        category: 'ConnectedClientList'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}
