resource "azurerm_storage_account" "none" {
  name                     = "stnone"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  # fail 1225663b8a51: tag 'backup-class' is missing or empty; 'silver' or stricter is required by tier standard
  tags = {
    tenant = "t01"
    environment = "production"
  }
}

resource "azurerm_postgresql_flexible_server" "low" {
  name                = "psql-low"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  tags = {
    tenant = "t02"
    environment = "production"
    # fail a2b419ac9f48: tag 'backup-class' is 'silver'; 'gold' or stricter is required by tier business
    backup-class = "silver"
  }
}

resource "azurerm_managed_disk" "odd" {
  name                 = "disk-odd"
  resource_group_name  = "rg-erp"
  location             = "westeurope"
  storage_account_type = "Premium_ZRS"
  create_option        = "Empty"
  disk_size_gb         = 64
  tags = {
    tenant = "t01"
    environment = "production"
    # fail 8306f52d0fe4: tag 'backup-class' is 'daily', which is no declared backup class; 'silver' or stricter is required by tier standard
    backup-class = "daily"
  }
}

resource "azurerm_linux_virtual_machine" "shared" {
  name                  = "vm-shared"
  resource_group_name   = "rg-erp"
  location              = "westeurope"
  size                  = "Standard_D4ds_v5"
  admin_username        = "erp"
  network_interface_ids = []
  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_ZRS"
  }
  tags = {
    tenant = "shared"
    service-tier = "business"
    environment = "production"
    # fail 4b7364941fdd: tag 'backup-class' is 'bronze'; 'gold' or stricter is required by tier business
    backup-class = "bronze"
  }
}

resource "azurerm_storage_account" "case" {
  name                     = "stcase"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  tags = {
    tenant = "t01"
    environment = "production"
    # fail bcf5d7559840: tag 'Backup-Class' is 'Gold', which is no declared backup class; 'silver' or stricter is required by tier standard
    Backup-Class = "Gold"
  }
}
