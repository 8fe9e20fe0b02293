resource "azurerm_postgresql_flexible_server_configuration" "server" {
  name      = "ssl_min_protocol_version"
  server_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  # fail 48101d4dfe83: ssl_min_protocol_version is TLSv1.1; TLSv1.2 or later is expected
  value     = "TLSv1.1"
}
