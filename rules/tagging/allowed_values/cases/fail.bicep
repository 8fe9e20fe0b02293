resource wrong 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stwrong'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GZRS'
  }
  properties: {}
  tags: {
    // fail a9ac4955ea80: tag 'tenant' is 'brookfen'; one of platform, shared, t01, t02, t23 is expected
    tenant: 'brookfen'
    // fail 29bf87d20991: tag 'Environment' is 'Production'; one of development, production, staging, uat is expected
    Environment: 'Production'
    // fail 0091bb074b80: tag 'cost-center' is '4100'; what matches ^CC-[0-9]{4}$ is expected
    'cost-center': '4100'
  }
}
