resource "azurerm_network_security_group" "erp" {
  name                = "nsg-erp"
  resource_group_name = "rg-net"
  location            = "westeurope"

  security_rule {
    name                       = "all"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    # fail c751b6ef3c9c: rule 'all' opens every port to anyone (source *); name ports and addresses
    source_address_prefix      = "*"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "database"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    # fail 431abec67bcb: rule 'database' opens 5432 (PostgreSQL) to anyone (source Internet); data stays inside
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "5000-6000"
  }
}

resource "azurerm_network_security_rule" "cluster" {
  name                        = "cluster"
  resource_group_name         = "rg-net"
  network_security_group_name = azurerm_network_security_group.erp.name
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  # fail fb6909385fc9: rule 'cluster' opens 6443 (Kubernetes API), 10250 (kubelet) to anyone (source 0.0.0.0/0); data stays inside
  source_address_prefixes     = ["0.0.0.0/0"]
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_ranges     = ["6443", "10250"]
}
