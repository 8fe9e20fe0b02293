resource "azurerm_recovery_services_vault" "standard" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"
  immutability        = "Unlocked"

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}

resource "azurerm_data_protection_backup_vault" "premium" {
  name                = "bv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  datastore_type      = "VaultStore"
  redundancy          = "GeoRedundant"
  immutability        = "Locked"
  soft_delete         = "AlwaysOn"

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}
