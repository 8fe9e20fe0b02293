variable "office" {
  type = string
}

resource "azurerm_postgresql_flexible_server_firewall_rule" "office" {
  name             = "office"
  server_id        = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql-mt-prd"
  # unknown 34c875e42f01: properties.startIpAddress is not known: var.office has no value
  start_ip_address = var.office
  end_ip_address   = "203.0.113.7"
}
