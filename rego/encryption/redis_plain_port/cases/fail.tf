resource "azurerm_redis_cache" "shared" {
  name                 = "redis-shared"
  resource_group_name  = "rg-erp"
  location             = "westeurope"
  capacity             = 2
  family               = "P"
  sku_name             = "Premium"
  # fail 97cc7f8e8736: enableNonSslPort is true; the plain port must stay closed
  non_ssl_port_enabled = true
}
