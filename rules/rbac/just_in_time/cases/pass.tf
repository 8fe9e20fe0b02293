data "azurerm_subscription" "current" {}

data "azurerm_role_definition" "owner" {
  name = "Owner"
}

resource "azurerm_pim_active_role_assignment" "month" {
  scope              = data.azurerm_subscription.current.id
  role_definition_id = data.azurerm_role_definition.owner.id
  principal_id       = "00000000-0000-0000-0000-00000000e001"

  schedule {
    expiration {
      duration_days = 30
    }
  }
}

resource "azurerm_pim_eligible_role_assignment" "owner" {
  scope              = data.azurerm_subscription.current.id
  role_definition_id = data.azurerm_role_definition.owner.id
  principal_id       = "00000000-0000-0000-0000-00000000e001"
}
