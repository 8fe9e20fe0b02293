resource "azurerm_network_security_group" "erp" {
  name                = "nsg-erp"
  resource_group_name = "rg-net"
  location            = "westeurope"

  security_rule {
    name                       = "ssh"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    # fail 9fd6565e7219: rule 'ssh' opens 22 (SSH) to anyone (source *); name the addresses that need it
    source_address_prefix      = "*"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "22"
  }

  security_rule {
    name                       = "all"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    # fail 4806f699d886: rule 'all' opens 22 (SSH), 3389 (RDP), 5985 (WinRM), 5986 (WinRM) to anyone (source Internet); name the addresses that need it
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_network_security_rule" "windows" {
  name                        = "windows"
  resource_group_name         = "rg-net"
  network_security_group_name = azurerm_network_security_group.erp.name
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  # fail 12a5cf2ff90c: rule 'windows' opens 3389 (RDP), 5986 (WinRM) to anyone (source 0.0.0.0/0); name the addresses that need it
  source_address_prefixes     = ["203.0.113.7", "0.0.0.0/0"]
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_ranges     = ["80", "3000-3999", "5986"]
}
