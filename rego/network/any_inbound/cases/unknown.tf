variable "ports" {
  type = string
}

resource "azurerm_network_security_group" "erp" {
  name                = "nsg-erp"
  resource_group_name = "rg-net"
  location            = "westeurope"

  security_rule {
    name                       = "web"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "*"
    source_port_range          = "*"
    destination_address_prefix = "*"
    # unknown ac9a3b9bcb3d: properties.securityRules[*].properties.destinationPortRange is not known: var.ports has no value
    destination_port_range     = var.ports
  }
}
