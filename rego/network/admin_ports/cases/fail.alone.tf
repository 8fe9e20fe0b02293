variable "group" {
  type    = string
  default = "nsg-of-somebody-else"
}

resource "azurerm_network_security_rule" "ssh" {
  name                        = "ssh"
  resource_group_name         = "rg-net"
  network_security_group_name = var.group
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  # fail 3da375e0f57e: rule 'ssh' opens 22 (SSH) to anyone (source ::/0); name the addresses that need it
  source_address_prefix       = "::/0"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "22"
}

resource "azurerm_network_security_rule" "windows" {
  name                        = "windows"
  resource_group_name         = "rg-net"
  network_security_group_name = var.group
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  # fail 01df0505f953: rule 'windows' opens 3389 (RDP) to anyone (source Internet); name the addresses that need it
  source_address_prefixes     = ["Internet"]
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_ranges     = ["3389"]
}
