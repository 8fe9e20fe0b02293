variable "group" {
  type    = string
  default = "nsg-of-somebody-else"
}

resource "azurerm_network_security_rule" "redis" {
  name                        = "redis"
  resource_group_name         = "rg-net"
  network_security_group_name = var.group
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  # fail c3dc0779b8aa: rule 'redis' opens 6380 (Redis) to anyone (source Any); data stays inside
  source_address_prefix       = "Any"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "6380"
}

resource "azurerm_network_security_rule" "all" {
  name                        = "all"
  resource_group_name         = "rg-net"
  network_security_group_name = var.group
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  # fail 968c139329fd: rule 'all' opens every port to anyone (source Internet); name ports and addresses
  source_address_prefixes     = ["Internet"]
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_ranges     = ["*"]
}
