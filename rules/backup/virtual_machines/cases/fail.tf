resource "azurerm_linux_virtual_machine" "none" {
  # fail 354d79d1c598: no protected item of a Recovery Services vault is for it; Azure Backup is expected
  name                  = "vm-none"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  size                  = "Standard_D2ds_v5"
  admin_username        = "operator"
  network_interface_ids = ["/subscriptions/s/resourceGroups/rg-erp/providers/Microsoft.Network/networkInterfaces/nic-none"]

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_ZRS"
  }
}

resource "azurerm_linux_virtual_machine" "stopped" {
  # fail 0aded1014e14: its backup is ProtectionStopped; a policy that protects it is expected
  name                  = "vm-stopped"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  size                  = "Standard_D2ds_v5"
  admin_username        = "operator"
  network_interface_ids = ["/subscriptions/s/resourceGroups/rg-erp/providers/Microsoft.Network/networkInterfaces/nic-stopped"]

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_ZRS"
  }
}

resource "azurerm_recovery_services_vault" "erp" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"
}

resource "azurerm_backup_policy_vm" "daily" {
  name                = "daily"
  resource_group_name = "rg-erp"
  recovery_vault_name = azurerm_recovery_services_vault.erp.name

  backup {
    frequency = "Daily"
    time      = "23:00"
  }
}

resource "azurerm_backup_protected_vm" "stopped" {
  resource_group_name = "rg-erp"
  recovery_vault_name = azurerm_recovery_services_vault.erp.name
  source_vm_id        = azurerm_linux_virtual_machine.stopped.id
  backup_policy_id    = azurerm_backup_policy_vm.daily.id
  protection_state    = "ProtectionStopped"
}
