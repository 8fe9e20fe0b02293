resource silent 'Microsoft.KeyVault/vaults@2024-11-01' = {
  // fail 8a299697fdfe: it has no diagnostic setting; the export of AuditEvent is expected
  name: 'kv-silent'
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
  // fail ab2c1eb8c5e2: its diagnostic settings do not export guard
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
  // fail d096d5f48346: no diagnostic setting exports logs to a workspace of the estate (law-npd-weu-01, law-prd-weu-01); PostgreSQLLogs is expected there
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
  // fail 9ef83942c0be: its diagnostic settings do not export StorageWrite, StorageDelete
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
  // fail 33f916de86f2: no diagnostic setting exports logs to a workspace of the estate (law-npd-weu-01, law-prd-weu-01); ConnectedClientList is expected there
  name: 'redis-erp'
  location: 'westeurope'
  tags: {}
  properties: {
    minimumTlsVersion: '1.2'
  }
}

resource some 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: cluster
  name: 'some'
  properties: {
    logs: [
      {
        category: 'kube-audit-admin'
        enabled: true
      }
      {
        category: 'guard'
        enabled: false
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource elsewhere 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: database
  name: 'elsewhere'
  properties: {
    logs: [
      {
        category: 'PostgreSQLLogs'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-elsewhere'
  }
}

resource reads 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'reads'
  properties: {
    logs: [
      {
        category: 'StorageRead'
        enabled: true
      }
    ]
    workspaceId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-hub-prd-weu/providers/Microsoft.OperationalInsights/workspaces/law-prd-weu-01'
  }
}

resource archived 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: cache
  name: 'archived'
  properties: {
    logs: [
      {
        category: 'ConnectedClientList'
        enabled: true
      }
    ]
    storageAccountId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stlogs'
  }
}
