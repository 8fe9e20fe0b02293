data "azurerm_client_config" "current" {}

# fail 370d6e668523: enableRbacAuthorization is not true; it must be
resource "azurerm_key_vault" "secrets" {
  name                = "kv-erp-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tenant_id           = data.azurerm_client_config.current.tenant_id
  sku_name            = "premium"

  access_policy {
    tenant_id          = data.azurerm_client_config.current.tenant_id
    # unknown 47f5719e56b4: properties.accessPolicies[*].objectId is not known: read from the provider, not from the configuration
    object_id          = data.azurerm_client_config.current.object_id
    secret_permissions = ["Get"]
  }
}
