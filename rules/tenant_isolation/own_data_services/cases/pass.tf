resource "azurerm_resource_group" "westmoor" {
  name     = "rg-erp-westmoor-prd"
  location = "westeurope"

  tags = {
    tenant = "t23"
    environment = "production"
  }
}

resource "azurerm_storage_account" "files" {
  name                     = "stwestmoorprd01"
  resource_group_name      = azurerm_resource_group.westmoor.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t23"
    environment = "production"
  }
}

resource "azurerm_storage_account" "archive" {
  name                     = "starchive"
  resource_group_name      = azurerm_resource_group.westmoor.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

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

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}

resource "azurerm_redis_cache" "cache" {
  name                = "redis-westmoor-prd"
  resource_group_name = azurerm_resource_group.westmoor.name
  location            = "westeurope"
  capacity            = 1
  family              = "P"
  sku_name            = "Premium"

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}
