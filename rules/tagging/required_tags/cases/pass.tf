resource "azurerm_resource_group" "erp" {
  name     = "rg-erp"
  location = "westeurope"

  tags = {
    tenant      = "platform"
    environment = "production"
    owner       = "grp-erp"
    cost-center = "CC-4100"
  }
}

resource "azurerm_storage_account" "all" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    Environment = "production"
    Tenant      = "t01"
    OWNER       = "grp-erp"
    Cost-Center = "CC-4100"
  }
}

resource "azurerm_role_assignment" "pull" {
  scope                = azurerm_resource_group.erp.id
  role_definition_name = "AcrPull"
  principal_id         = "00000000-0000-0000-0000-00000000d023"
}
