resource "azurerm_resource_group" "erp" {
  name     = "rg-erp"
  location = "westeurope"
}

resource "azurerm_role_assignment" "pipeline" {
  scope                = azurerm_resource_group.erp.id
  role_definition_name = "Contributor"
  principal_id         = "00000000-0000-0000-0000-00000000c002"
}

resource "azurerm_role_assignment" "allowed" {
  scope                = "/subscriptions/00000000-0000-0000-0000-000000000101"
  role_definition_name = "Contributor"
  principal_id         = "00000000-0000-0000-0000-00000000c001"
}

resource "azurerm_role_assignment" "owners" {
  scope                = "/subscriptions/00000000-0000-0000-0000-000000000102"
  role_definition_name = "Owner"
  principal_id         = "00000000-0000-0000-0000-00000000a003"
}

resource "azurerm_role_assignment" "reader" {
  scope                = "/subscriptions/00000000-0000-0000-0000-000000000102"
  role_definition_name = "Reader"
  principal_id         = "00000000-0000-0000-0000-00000000c002"
}
