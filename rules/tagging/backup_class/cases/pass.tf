resource "azurerm_storage_account" "same" {
  name                     = "stsame"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  tags = {
    tenant = "t01"
    environment = "production"
    backup-class = "silver"
  }
}

resource "azurerm_postgresql_flexible_server" "stricter" {
  name                = "psql-stricter"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  tags = {
    tenant = "t01"
    environment = "production"
    Backup-Class = "platinum"
  }
}

resource "azurerm_managed_disk" "state" {
  name                 = "disk-state"
  resource_group_name  = "rg-erp"
  location             = "westeurope"
  storage_account_type = "Premium_ZRS"
  create_option        = "Empty"
  disk_size_gb         = 64
  tags = {
    tenant = "platform"
    environment = "production"
    backup-class = "none"
  }
}
