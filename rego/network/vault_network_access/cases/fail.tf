# fail 07bf4f78a2a6: networks are admitted by default (defaultAction not set); Deny is expected, or publicNetworkAccess Disabled
resource "azurerm_key_vault" "open" {
  name                = "kv-erp-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"
}

resource "azurerm_key_vault" "listed" {
  name                = "kv-erp-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"

  network_acls {
    bypass         = "AzureServices"
    # fail 61077eb35a58: networks are admitted by default (defaultAction Allow); Deny is expected, or publicNetworkAccess Disabled
    default_action = "Allow"
  }
}
