variable "state" {
  type = string
}

resource "azurerm_recovery_services_vault" "erp" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"
  # unknown 542f0284af7d: properties.securitySettings.immutabilitySettings.state is not known: var.state has no value
  immutability        = var.state

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}
