param account string

resource blobs 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stblobs'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // unknown c42f1dde0640: which account is backed up is not known of every backup
  tags: {
    tenant: 't01'
    environment: 'production'
    'backup-class': 'silver'
  }
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
      resourceID: account
    }
    policyInfo: {
      policyId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.DataProtection/backupVaults/bvault-erp/backupPolicies/daily'
    }
  }
}
