resource absent 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stabsent'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  // fail 69387143bdc2: networks are admitted by default (defaultAction not set); Deny is expected, or publicNetworkAccess Disabled
  properties: {}
}

resource listed 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stlisted'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    networkAcls: {
      // fail dfaceee18a3e: networks are admitted by default (defaultAction Allow); Deny is expected, or publicNetworkAccess Disabled
      defaultAction: 'Allow'
      ipRules: [
        {
          value: '203.0.113.7'
        }
      ]
    }
  }
}
