resource tagged 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'sttagged'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // fail 270785d39d76: nothing backs up its blobs or file shares, but its tag 'backup-class' is 'silver'
  tags: {
    tenant: 't01'
    environment: 'production'
    'backup-class': 'silver'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource contract 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stcontract'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // fail d60ef9a27ad9: nothing backs up its blobs or file shares, but tenant t02 has backup class gold
  tags: {
    tenant: 't02'
    environment: 'production'
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

resource lake 'Microsoft.DataProtection/backupVaults/backupInstances@2024-04-01' = {
  parent: vault
  name: 'lake'
  properties: {
    objectType: 'BackupInstance'
    dataSourceInfo: {
      objectType: 'Datasource'
      datasourceType: 'Microsoft.Storage/storageAccounts/fileServices'
      resourceID: contract.id
    }
    policyInfo: {
      policyId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.DataProtection/backupVaults/bvault-erp/backupPolicies/daily'
    }
  }
}
