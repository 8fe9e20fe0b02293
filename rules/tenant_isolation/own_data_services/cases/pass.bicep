resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-westmoor-prd-weu'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  tags: {
    tenant: 't23'
    environment: 'production'
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
  name: 'redis-westmoor-prd'
  location: 'westeurope'
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  properties: {
    minimumTlsVersion: '1.2'
  }
}

resource files 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stwestmoorprd01'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 't23'
    environment: 'production'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}

resource shared 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stmtprdweu01'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  tags: {
    tenant: 'shared'
  }
  properties: {
    minimumTlsVersion: 'TLS1_2'
  }
}
