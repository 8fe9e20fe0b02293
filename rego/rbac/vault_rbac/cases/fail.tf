# fail b346d4c57fdc: enableRbacAuthorization is not true; it must be
resource "azurerm_key_vault" "default" {
  name                = "kv-erp-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_key_vault" "both" {
  name                       = "kv-erp-prd"
  resource_group_name        = "rg-erp"
  location                   = "westeurope"
  tenant_id                  = "00000000-0000-0000-0000-000000000001"
  sku_name                   = "premium"
  rbac_authorization_enabled = true
}

# fail 86363e1f4afe: access policies (1) do nothing beside Azure RBAC; remove them
resource "azurerm_key_vault_access_policy" "both" {
  key_vault_id       = azurerm_key_vault.both.id
  tenant_id          = "00000000-0000-0000-0000-000000000001"
  object_id          = "00000000-0000-0000-0000-00000000a001"
  secret_permissions = ["Get"]
}
