terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 2.99"
    }
  }
}

# fail 5a89972c66ad: minimumTlsVersion is 1.0; 1.2 or later is expected
resource "azurerm_redis_cache" "shared" {
  name                = "redis-shared"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  capacity            = 2
  family              = "P"
  sku_name            = "Premium"
}
