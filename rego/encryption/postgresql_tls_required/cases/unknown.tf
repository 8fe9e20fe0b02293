variable "tls" {
  type = string
}

resource "azurerm_postgresql_flexible_server_configuration" "server" {
  name      = "require_secure_transport"
  server_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  # unknown 1514c240b075: properties.value is not known: var.tls has no value
  value     = var.tls
}
