data "azurerm_subscription" "current" {}

data "azurerm_role_definition" "owner" {
  name = "Owner"
}

# fail 6486924ad0b2: the active assignment of Owner never ends; an end, or an eligible one is expected
resource "azurerm_pim_active_role_assignment" "forever" {
  scope              = data.azurerm_subscription.current.id
  role_definition_id = data.azurerm_role_definition.owner.id
  principal_id       = "00000000-0000-0000-0000-00000000e001"
}

resource "azurerm_pim_active_role_assignment" "reader" {
  scope              = data.azurerm_subscription.current.id
  role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
  principal_id       = "00000000-0000-0000-0000-00000000e001"
}
