variable "principal" {
  type = string
}

data "azurerm_subscription" "current" {}

resource "azurerm_user_assigned_identity" "deploy" {
  name                = "id-deploy"
  resource_group_name = "rg-erp"
  location            = "westeurope"
}

# unknown 5ba8962cc2f8: principalType does not say whether a service principal is meant
resource "azurerm_role_assignment" "given" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Contributor"
  principal_id         = var.principal
}

resource "azurerm_role_assignment" "made" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Contributor"
  # unknown ae6278974ee6: principalId is not known: known after apply
  principal_id         = azurerm_user_assigned_identity.deploy.principal_id
}

# unknown 48c4fb10e8ee: scope is a subscription that is not known; one is allowed
resource "azurerm_role_assignment" "somewhere" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Contributor"
  principal_id         = "00000000-0000-0000-0000-00000000c001"
}
