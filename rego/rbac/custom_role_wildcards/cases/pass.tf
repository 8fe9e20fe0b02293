resource "azurerm_role_definition" "restarter" {
  name  = "restarter"
  scope = "/subscriptions/00000000-0000-0000-0000-000000000102"

  permissions {
    actions = ["Microsoft.Compute/virtualMachines/restart/action"]
  }

  assignable_scopes = ["/subscriptions/00000000-0000-0000-0000-000000000102"]
}

resource "azurerm_role_definition" "group_owner" {
  name  = "group-owner"
  scope = "/subscriptions/00000000-0000-0000-0000-000000000102"

  permissions {
    actions = ["*"]
  }

  assignable_scopes = ["/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp"]
}
