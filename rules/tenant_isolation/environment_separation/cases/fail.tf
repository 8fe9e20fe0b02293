provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000102"
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
  tags = {
    tenant      = "t23"
    # fail 00e3eaad29c7: environment 'development' is in subscription sub-erp-prod, which is for production only
    environment = "development"
  }
}
