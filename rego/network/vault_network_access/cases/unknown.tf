variable "action" {
  type = string
}

resource "azurerm_key_vault" "ruled" {
  name                = "kv-erp-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "premium"

  network_acls {
    bypass         = "AzureServices"
    # unknown e887bfe46407: properties.networkAcls.defaultAction is not known: var.action has no value
    default_action = var.action
  }
}
