terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 3.0"
    }
  }
}

resource "azurerm_key_vault" "secrets" {
  name                      = "kv-erp-prd"
  resource_group_name       = "rg-erp"
  location                  = "westeurope"
  tenant_id                 = "00000000-0000-0000-0000-000000000001"
  sku_name                  = "premium"
  # fail 370d6e668523: enableRbacAuthorization is not true; it must be
  enable_rbac_authorization = false
}
