variable "registry" {
  type = string
}

resource "azurerm_container_registry" "erp" {
  name                = "acrerpprd01"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Premium"
}

resource "azurerm_user_assigned_identity" "build" {
  name                = "id-build"
  resource_group_name = "rg-erp"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "builder" {
  scope                = azurerm_container_registry.erp.id
  role_definition_name = "AcrPush"
  # unknown 98dafef96a59: principalId is not known: known after apply
  principal_id         = azurerm_user_assigned_identity.build.principal_id
}

resource "azurerm_role_assignment" "custom" {
  scope              = azurerm_container_registry.erp.id
  # unknown e590ba031d10: what role 20000000-0000-0000-0000-000000000001 permits is not known
  role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/20000000-0000-0000-0000-000000000001"
  principal_id       = "00000000-0000-0000-0000-00000000e001"
}

# unknown 28ec2d4ae364: scope is not known: var.registry has no value
resource "azurerm_role_assignment" "somewhere" {
  scope                = var.registry
  role_definition_name = "AcrPush"
  principal_id         = "00000000-0000-0000-0000-00000000c003"
}
