variable "office" {
  type = string
}

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
    # unknown 9fd6565e7219: properties.securityRules[*].properties.sourceAddressPrefix is not known: var.office has no value
    source_address_prefix      = var.office
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "22"
  }
}
