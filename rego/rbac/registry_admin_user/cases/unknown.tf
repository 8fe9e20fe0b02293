variable "admin" {
  type = bool
}

resource "azurerm_container_registry" "images" {
  name                = "acrerpprd01"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Premium"
  # unknown 5507cb8ee71b: properties.adminUserEnabled is not known: var.admin has no value
  admin_enabled       = var.admin
}
