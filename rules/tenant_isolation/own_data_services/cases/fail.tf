resource "azurerm_resource_group" "westmoor" {
  name     = "rg-erp-westmoor-prd"
  location = "westeurope"

  # fail 44b39c6eec63: tenant t23 (westmoor) has no PostgreSQL server of its own; its hosting is dedicated
  # fail 8d4684916200: tenant t23 (westmoor) has no Redis cache of its own; its hosting is dedicated
  tags = {
    tenant = "t23"
    environment = "production"
  }
}

resource "azurerm_resource_group" "shared" {
  name     = "rg-data-prd"
  location = "westeurope"

  tags = {
    tenant = "shared"
    environment = "production"
  }
}

resource "azurerm_storage_account" "files" {
  name                     = "stwestmoorprd01"
  resource_group_name      = azurerm_resource_group.shared.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # fail 8648739d4624: it is of tenant t23, but resource group 'rg-data-prd' is of shared; a group of its own is expected
  tags = {
    tenant = "t23"
    environment = "production"
  }
}

resource "azurerm_postgresql_flexible_server" "database" {
  name                = "psql-westmoor-prd-weu"
  resource_group_name = azurerm_resource_group.westmoor.name
  location            = "westeurope"
  version             = "16"

  # fail 645c34d89788: the estate declares it as the own PostgreSQL server of tenant t23 (westmoor), but its tag tenant is 't01'
  tags = {
    tenant      = "t01"
    environment = "production"
  }
}
