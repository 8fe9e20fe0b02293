data "azurerm_subscription" "current" {}

resource "azurerm_user_assigned_identity" "deploy" {
  name                = "id-deploy"
  resource_group_name = "rg-erp"
  location            = "westeurope"
}

resource "azurerm_role_assignment" "pipeline" {
  scope                = "/subscriptions/00000000-0000-0000-0000-000000000102"
  # fail 6acde49eae1c: pipeline ado-erp-deploy-prod is Contributor of subscription '00000000-0000-0000-0000-000000000102'; it may deploy to sub-erp-prod/rg-erp-*
  role_definition_name = "Contributor"
  principal_id         = "00000000-0000-0000-0000-00000000c002"
}

resource "azurerm_role_assignment" "stranger" {
  scope                = data.azurerm_subscription.current.id
  # fail dca96eb6f9c9: service principal 00000000-0000-0000-0000-00000000e002 is Owner of this subscription; resource groups are expected
  role_definition_name = "Owner"
  principal_id         = "00000000-0000-0000-0000-00000000e002"
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "person" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Contributor"
  principal_id         = "00000000-0000-0000-0000-00000000e001"
  principal_type       = "User"
}
