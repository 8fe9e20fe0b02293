resource "azurerm_key_vault" "secrets" {
  name                       = "kv-erp-prd"
  resource_group_name        = "rg-erp"
  location                   = "westeurope"
  tenant_id                  = "00000000-0000-0000-0000-000000000001"
  sku_name                   = "premium"
  rbac_authorization_enabled = true
}
