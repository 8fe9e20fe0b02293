resource "azurerm_key_vault" "ruled" {
  name                = "kv-erp-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"

  network_acls {
    bypass         = "AzureServices"
    default_action = "Deny"
  }
}

resource "azurerm_key_vault" "closed" {
  name                          = "kv-erp-prd"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  tenant_id                     = "00000000-0000-0000-0000-000000000001"
  sku_name                      = "premium"
  public_network_access_enabled = false
}
