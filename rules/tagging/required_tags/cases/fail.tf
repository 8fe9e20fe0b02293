# fail 0efa39f128c7: tags 'environment', 'tenant', 'owner', 'cost-center' are missing or empty; the estate requires them
resource "azurerm_storage_account" "none" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}

resource "azurerm_storage_account" "some" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # fail ef341d7e5d0a: tag 'cost-center' is missing or empty; the estate requires them
  tags = {
    tenant      = "t01"
    environment = "production"
    owner       = "grp-erp"
    cost-center = ""
  }
}
