resource keys 'Microsoft.KeyVault/vaults@2024-11-01' = {
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

resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {
  name: 'aks-erp'
  location: 'westeurope'
  sku: {
    name: 'Base'
    tier: 'Standard'
  }
  properties: {
    disableLocalAccounts: true
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
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

resource files 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stfiles'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {}
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: files
  name: 'default'
  properties: {
    isVersioningEnabled: true
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

resource vault 'Microsoft.RecoveryServices/vaults@2024-10-01' = {
  name: 'rsv-erp'
  location: 'westeurope'
  sku: {
    name: 'RS0'
    tier: 'Standard'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
  }
}

resource backups 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
  name: 'bvault-erp'
  location: 'westeurope'
  properties: {
    storageSettings: [
      {
        datastoreType: 'VaultStore'
        type: 'GeoRedundant'
      }
    ]
  }
}

resource gateway 'Microsoft.Network/applicationGateways@2024-05-01' = {
  name: 'agw-erp'
  location: 'westeurope'
  properties: {
    enableHttp2: true
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: keys
  name: 'audit'
  properties: {
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource admin 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: cluster
  name: 'admin'
  properties: {
    logs: [
      {
        category: 'kube-audit-admin'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource guarded 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: cluster
  name: 'guarded'
  properties: {
    logs: [
      {
        category: 'guard'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: database
  name: 'logs'
  properties: {
    logs: [
      {
        category: 'PostgreSQLLogs'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource access 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'access'
  properties: {
    logs: [
      {
        category: 'StorageRead'
        enabled: true
      }
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
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
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource jobs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'jobs'
  properties: {
    logs: [
      {
        category: 'CoreAzureBackup'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource instances 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: backups
  name: 'instances'
  properties: {
    logs: [
      {
        category: 'CoreAzureBackup'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource requests 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: gateway
  name: 'requests'
  properties: {
    logs: [
      {
        category: 'ApplicationGatewayAccessLog'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}
