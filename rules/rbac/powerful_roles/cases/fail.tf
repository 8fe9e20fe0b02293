data "azurerm_subscription" "current" {}

data "azurerm_management_group" "erp" {
  name = "mg-erp"
}

resource "azurerm_role_assignment" "stranger" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  # fail 7006717a5ccf: principal 00000000-0000-0000-0000-00000000e001 is Owner of this subscription; only break-glass identities and platform owners may be
  principal_id         = "00000000-0000-0000-0000-00000000e001"
}

resource "azurerm_role_assignment" "granter" {
  scope                = "/subscriptions/00000000-0000-0000-0000-000000000102"
  role_definition_name = "User Access Administrator"
  # fail 0d27b2d8c228: principal 00000000-0000-0000-0000-00000000e001 is User Access Administrator of subscription '00000000-0000-0000-0000-000000000102'; only break-glass identities and platform owners may be
  principal_id         = "00000000-0000-0000-0000-00000000e001"
}

resource "azurerm_role_assignment" "above" {
  scope              = "/providers/Microsoft.Management/managementGroups/mg-erp"
  role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/f58310d9-a9f6-439a-9e8d-f62e7b41a168"
  # fail 4ea580d25840: principal 00000000-0000-0000-0000-00000000c002 is Role Based Access Control Administrator of management group 'mg-erp'; only break-glass identities and platform owners may be
  principal_id       = "00000000-0000-0000-0000-00000000c002"
}

resource "azurerm_role_assignment" "reader" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Reader"
  principal_id         = "00000000-0000-0000-0000-00000000e001"
}
