resource none 'Microsoft.Compute/virtualMachines@2024-07-01' = {
  // fail ec5d1c8a2072: no protected item of a Recovery Services vault is for it; Azure Backup is expected
  name: 'vm-none'
  location: 'westeurope'
  properties: {
    hardwareProfile: {
      vmSize: 'Standard_D2ds_v5'
    }
  }
}

resource unplanned 'Microsoft.Compute/virtualMachines@2024-07-01' = {
  // fail cdc65c019aa2: its backup has no policy; a policy that protects it is expected
  name: 'vm-unplanned'
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
    sourceResourceId: unplanned.id
  }
}
