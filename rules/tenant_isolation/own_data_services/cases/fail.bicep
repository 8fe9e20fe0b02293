resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-westmoor-prd-weu'
  location: 'westeurope'
  sku: {
    name: 'Standard_D4ds_v5'
    tier: 'GeneralPurpose'
  }
  // fail 009a2fcbb7c2: the estate declares it as the own PostgreSQL server of tenant t23 (westmoor), but its tag tenant is 't01'
  tags: {
    tenant: 't01'
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
