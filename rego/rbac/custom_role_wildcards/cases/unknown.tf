variable "actions" {
  type = list(string)
}

resource "azurerm_role_definition" "operator" {
  name  = "operator"
  scope = "/subscriptions/00000000-0000-0000-0000-000000000102"

  permissions {
    # unknown 8d978b93d2be: properties.permissions[*].actions is not known: var.actions has no value
    actions = var.actions
  }

  assignable_scopes = ["/subscriptions/00000000-0000-0000-0000-000000000102"]
}
