resource "azurerm_container_registry" "images" {
  name                = "acrerpprd01"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Premium"
  # fail 5507cb8ee71b: adminUserEnabled is true; the admin user must be disabled
  admin_enabled       = true
}
