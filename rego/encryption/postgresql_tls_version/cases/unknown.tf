variable "tls" {
  type = string
}

resource "azurerm_postgresql_flexible_server_configuration" "server" {
  name      = "ssl_min_protocol_version"
  server_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  # unknown 48101d4dfe83: properties.value is not known: var.tls has no value
  value     = var.tls
}
