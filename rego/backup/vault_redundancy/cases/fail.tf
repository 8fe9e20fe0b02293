# fail 8624751d73fc: restoring in the other region is Disabled; tier premium requires it Enabled
resource "azurerm_recovery_services_vault" "default" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}

resource "azurerm_recovery_services_vault" "local" {
  name                         = "rsv-erp"
  resource_group_name          = "rg-erp"
  location                     = "westeurope"
  sku                          = "Standard"
  # fail 633335943a46: backups are stored LocallyRedundant; tier premium requires GeoRedundant
  storage_mode_type            = "LocallyRedundant"
  # fail 078028e37627: restoring in the other region is Disabled; tier premium requires it Enabled
  cross_region_restore_enabled = false

  tags = {
    tenant       = "shared"
    environment  = "production"
    service-tier = "premium"
  }
}

# fail e6f7ce5bcfdd: restoring in the other region is Disabled; tier premium requires it Enabled
resource "azurerm_data_protection_backup_vault" "zones" {
  name                = "bv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  datastore_type      = "VaultStore"
  # fail 0a6356f2bc1e: backups are stored ZoneRedundant; tier premium requires GeoRedundant
  redundancy          = "ZoneRedundant"

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}
