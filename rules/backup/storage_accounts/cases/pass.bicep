resource blobs 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stblobs'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
    'backup-class': 'silver'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource shares 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stshares'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
    'backup-class': 'silver'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource scratch 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stscratch'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
    'backup-class': 'none'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource target 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stbackupprd01'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't01'
    environment: 'production'
    'backup-class': 'silver'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource untagged 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stuntagged'
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

resource vault 'Microsoft.DataProtection/backupVaults@2024-04-01' = {
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

resource files 'Microsoft.DataProtection/backupVaults/backupInstances@2024-04-01' = {
  parent: vault
  name: 'files'
  properties: {
    objectType: 'BackupInstance'
    dataSourceInfo: {
      objectType: 'Datasource'
      datasourceType: 'Microsoft.Storage/storageAccounts/blobServices'
      resourceID: blobs.id
    }
    policyInfo: {
      policyId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.DataProtection/backupVaults/bvault-erp/backupPolicies/daily'
    }
  }
}

resource share 'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems@2024-10-01' = {
  name: 'rsv-erp/Azure/iaasvmcontainer;iaasvmcontainerv2;rg-erp;share/vm;iaasvmcontainerv2;rg-erp;share'
  properties: {
    protectedItemType: 'AzureFileShareProtectedItem'
    sourceResourceId: shares.id
    policyId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.RecoveryServices/vaults/rsv-erp/backupPolicies/daily'
  }
}
