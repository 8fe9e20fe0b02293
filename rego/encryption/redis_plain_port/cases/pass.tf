resource "azurerm_redis_cache" "default" {
  name                = "redis-shared"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  capacity            = 2
  family              = "P"
  sku_name            = "Premium"
}

resource "azurerm_redis_cache" "stated" {
  name                 = "redis-shared"
  resource_group_name  = "rg-erp"
  location             = "westeurope"
  capacity             = 2
  family               = "P"
  sku_name             = "Premium"
  non_ssl_port_enabled = false
}
