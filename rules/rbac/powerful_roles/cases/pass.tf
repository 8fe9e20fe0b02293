data "azurerm_subscription" "current" {}

resource "azurerm_resource_group" "erp" {
  name     = "rg-erp"
  location = "westeurope"
}

resource "azurerm_role_definition" "operator" {
  name  = "ERP operator"
  scope = data.azurerm_subscription.current.id

  permissions {
    actions = ["Microsoft.Compute/virtualMachines/restart/action"]
  }
}

resource "azurerm_user_assigned_identity" "deploy" {
  name                = "id-deploy"
  resource_group_name = azurerm_resource_group.erp.name
  location            = azurerm_resource_group.erp.location
}

resource "azurerm_role_assignment" "emergency" {
  for_each = toset(["00000000-0000-0000-0000-00000000b001", "00000000-0000-0000-0000-00000000b002"])

  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  principal_id         = each.value
}

resource "azurerm_role_assignment" "owners" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  principal_id         = "00000000-0000-0000-0000-00000000A003"
}

resource "azurerm_role_assignment" "operator" {
  scope              = data.azurerm_subscription.current.id
  role_definition_id = azurerm_role_definition.operator.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.deploy.principal_id
}

resource "azurerm_role_assignment" "group" {
  scope                = azurerm_resource_group.erp.id
  role_definition_name = "Owner"
  principal_id         = azurerm_user_assigned_identity.deploy.principal_id
}
