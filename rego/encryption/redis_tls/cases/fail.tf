resource "azurerm_redis_cache" "shared" {
  name                = "redis-shared"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  capacity            = 2
  family              = "P"
  sku_name            = "Premium"
  # fail 5a89972c66ad: minimumTlsVersion is 1.0; 1.2 or later is expected
  minimum_tls_version = "1.0"
}

resource "azurerm_managed_redis" "managed" {
  name                = "redis-managed"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku_name            = "Balanced_B3"

  default_database {
    # fail e80f31ee4a96: clientProtocol is Plaintext; Encrypted is expected
    client_protocol = "Plaintext"
  }
}
