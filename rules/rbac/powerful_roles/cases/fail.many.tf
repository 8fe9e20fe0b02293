resource "azurerm_role_assignment" "owners" {
  for_each = toset([
    "00000000-0000-0000-0000-00000000a003",
    "00000000-0000-0000-0000-00000000b001",
    "00000000-0000-0000-0000-00000000b002",
    "00000000-0000-0000-0000-00000000b003",
  ])

  scope                = "/subscriptions/00000000-0000-0000-0000-000000000102"
  # fail edee8bcee079: 4 principals own subscription '00000000-0000-0000-0000-000000000102'; at most 3 are expected
  role_definition_name = "Owner"
  principal_id         = each.value
}
