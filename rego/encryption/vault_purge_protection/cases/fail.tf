# fail be0549b62889: enablePurgeProtection is not true; it must be
resource "azurerm_key_vault" "default" {
  name                = "kv-erp-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_key_vault" "stated" {
  name                     = "kv-erp-prd"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  tenant_id                = "00000000-0000-0000-0000-000000000001"
  sku_name                 = "premium"
  # fail 86e2b0731eef: enablePurgeProtection is not true; it must be
  purge_protection_enabled = false
}
