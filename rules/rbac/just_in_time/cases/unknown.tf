variable "hours" {
  type = number
}

data "azurerm_subscription" "current" {}

data "azurerm_role_definition" "owner" {
  name = "Owner"
}

resource "azurerm_pim_active_role_assignment" "some" {
  scope              = data.azurerm_subscription.current.id
  role_definition_id = data.azurerm_role_definition.owner.id
  principal_id       = "00000000-0000-0000-0000-00000000e001"

  schedule {
    # unknown 97acd428c868: when the assignment ends is not known: var.hours has no value
    expiration {
      duration_hours = var.hours
    }
  }
}
