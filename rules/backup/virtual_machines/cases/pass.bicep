resource jump 'Microsoft.Compute/virtualMachines@2024-07-01' = {
  name: 'vm-jump'
  location: 'westeurope'
  properties: {
    hardwareProfile: {
      vmSize: 'Standard_D2ds_v5'
    }
  }
}

resource backup 'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems@2024-10-01' = {
  name: 'rsv-erp/Azure/iaasvmcontainer;iaasvmcontainerv2;rg-erp;backup/vm;iaasvmcontainerv2;rg-erp;backup'
  properties: {
    protectedItemType: 'Microsoft.Compute/virtualMachines'
    sourceResourceId: jump.id
    policyId: '/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp-prd/providers/Microsoft.RecoveryServices/vaults/rsv-erp/backupPolicies/daily'
  }
}
