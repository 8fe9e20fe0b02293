variable "rbac" {
  type = bool
}

resource "azurerm_key_vault" "secrets" {
  name                       = "kv-erp-prd"
  resource_group_name        = "rg-erp"
  location                   = "westeurope"
  tenant_id                  = "00000000-0000-0000-0000-000000000001"
  sku_name                   = "premium"
  # unknown 370d6e668523: properties.enableRbacAuthorization is not known: var.rbac has no value
  rbac_authorization_enabled = var.rbac
}
