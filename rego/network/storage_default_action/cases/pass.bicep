resource ruled 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'struled'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    networkAcls: {
      defaultAction: 'deny'
      bypass: 'AzureServices'
    }
  }
}

resource closed 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stclosed'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
  }
}
