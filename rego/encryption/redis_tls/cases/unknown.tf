variable "tls" {
  type = string
}

resource "azurerm_redis_cache" "shared" {
  name                = "redis-shared"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  capacity            = 2
  family              = "P"
  sku_name            = "Premium"
  # unknown 5a89972c66ad: properties.minimumTlsVersion is not known: var.tls has no value
  minimum_tls_version = var.tls
}
