resource "azurerm_linux_virtual_machine" "jump" {
  name                  = "vm-jump"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  size                  = "Standard_D2ds_v5"
  admin_username        = "operator"
  network_interface_ids = ["/subscriptions/s/resourceGroups/rg-erp/providers/Microsoft.Network/networkInterfaces/nic-jump"]

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

resource "azurerm_backup_protected_vm" "jump" {
  resource_group_name = "rg-erp"
  recovery_vault_name = azurerm_recovery_services_vault.erp.name
  source_vm_id        = azurerm_linux_virtual_machine.jump.id
  backup_policy_id    = azurerm_backup_policy_vm.daily.id
}
