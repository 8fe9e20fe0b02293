variable "plain" {
  type = bool
}

resource "azurerm_redis_cache" "shared" {
  name                 = "redis-shared"
  resource_group_name  = "rg-erp"
  location             = "westeurope"
  capacity             = 2
  family               = "P"
  sku_name             = "Premium"
  # unknown 97cc7f8e8736: properties.enableNonSslPort is not known: var.plain has no value
  non_ssl_port_enabled = var.plain
}
