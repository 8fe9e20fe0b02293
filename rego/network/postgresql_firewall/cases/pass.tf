resource "azurerm_postgresql_flexible_server_firewall_rule" "office" {
  name             = "office"
  server_id        = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  start_ip_address = "203.0.113.7"
  end_ip_address   = "203.0.113.7"
}

resource "azurerm_postgresql_flexible_server_firewall_rule" "branch" {
  name             = "branch"
  server_id        = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  start_ip_address = "198.51.100.0"
  end_ip_address   = "198.51.100.255"
}
