resource "azurerm_role_definition" "second_owner" {
  name  = "second-owner"
  scope = "/subscriptions/00000000-0000-0000-0000-000000000102"

  permissions {
    # fail d29f8685163f: custom role 'second-owner' allows * and may be assigned at /subscriptions/00000000-0000-0000-0000-000000000102; name actions, or resource groups
    actions     = ["*"]
    not_actions = ["Microsoft.Billing/*"]
  }

  assignable_scopes = ["/subscriptions/00000000-0000-0000-0000-000000000102"]
}

resource "azurerm_role_definition" "granter" {
  name  = "granter"
  scope = "/subscriptions/00000000-0000-0000-0000-000000000102"

  permissions {
    # fail ecfd9b7aff3e: custom role 'granter' allows Microsoft.Authorization/* and may be assigned at /providers/Microsoft.Management/managementGroups/mg-erp; name actions, or resource groups
    actions = ["Microsoft.Authorization/*"]
  }

  assignable_scopes = ["/providers/Microsoft.Management/managementGroups/mg-erp"]
}
