resource "azurerm_postgresql_flexible_server_configuration" "server" {
  name      = "ssl_min_protocol_version"
  server_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  value     = "TLSv1.3"
}

resource "azurerm_postgresql_flexible_server_configuration" "other" {
  name      = "log_connections"
  server_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  value     = "OFF"
}
