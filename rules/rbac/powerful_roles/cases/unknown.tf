variable "scope" {
  type = string
}

data "azurerm_subscription" "current" {}

resource "azurerm_user_assigned_identity" "deploy" {
  name                = "id-deploy"
  resource_group_name = "rg-erp"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "owner" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  # unknown 8602c1642a7c: principalId is not known: known after apply
  principal_id         = azurerm_user_assigned_identity.deploy.principal_id
}

# unknown 8cd2aaa043f1: scope is not known: var.scope has no value
resource "azurerm_role_assignment" "somewhere" {
  scope                = var.scope
  role_definition_name = "Owner"
  principal_id         = "00000000-0000-0000-0000-00000000e001"
}
