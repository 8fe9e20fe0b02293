variable "protect" {
  type = bool
}

resource "azurerm_key_vault" "secrets" {
  name                     = "kv-erp-prd"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  tenant_id                = "00000000-0000-0000-0000-000000000001"
  sku_name                 = "premium"
  # unknown 1a36c79f57ef: properties.enablePurgeProtection is not known: var.protect has no value
  purge_protection_enabled = var.protect
}
