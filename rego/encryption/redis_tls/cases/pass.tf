resource "azurerm_redis_cache" "default" {
  name                = "redis-shared"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  capacity            = 2
  family              = "P"
  sku_name            = "Premium"
}

resource "azurerm_redis_cache" "number" {
  name                = "redis-shared"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  capacity            = 2
  family              = "P"
  sku_name            = "Premium"
  minimum_tls_version = 1.2
}

resource "azurerm_managed_redis" "managed" {
  name                = "redis-managed"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku_name            = "Balanced_B3"

  default_database {
    client_protocol = "Encrypted"
  }
}
