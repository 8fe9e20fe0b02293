param action string

resource ruled 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'struled'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {
    networkAcls: {
      // unknown 4bd8b81b7476: properties.networkAcls.defaultAction is not known: parameter 'action' has no value
      defaultAction: action
    }
  }
}
