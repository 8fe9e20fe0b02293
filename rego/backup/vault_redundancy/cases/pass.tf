resource "azurerm_recovery_services_vault" "premium" {
  name                         = "rsv-erp"
  resource_group_name          = "rg-erp"
  location                     = "westeurope"
  sku                          = "Standard"
  cross_region_restore_enabled = true

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}

resource "azurerm_recovery_services_vault" "standard" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"
  storage_mode_type   = "LocallyRedundant"

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

resource "azurerm_data_protection_backup_vault" "premium" {
  name                         = "bv-erp"
  resource_group_name          = "rg-erp"
  location                     = "westeurope"
  datastore_type               = "VaultStore"
  redundancy                   = "GeoRedundant"
  cross_region_restore_enabled = true

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}
