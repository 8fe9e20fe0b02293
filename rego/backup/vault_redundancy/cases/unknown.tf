variable "mode" {
  type = string
}

resource "azurerm_recovery_services_vault" "erp" {
  name                         = "rsv-erp"
  resource_group_name          = "rg-erp"
  location                     = "westeurope"
  sku                          = "Standard"
  cross_region_restore_enabled = true
  # unknown 81e1f17cc517: properties.redundancySettings.standardTierStorageRedundancy is not known: var.mode has no value
  storage_mode_type            = var.mode

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}
