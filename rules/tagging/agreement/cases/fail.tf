provider "azurerm" {
  subscription_id = "00000000-0000-0000-0000-000000000102"
  features {}
}

resource "azurerm_resource_group" "westmoor" {
  name     = "rg-erp-westmoor-prd"
  location = "westeurope"

  tags = {
    tenant      = "t23"
    environment = "production"
  }
}

resource "azurerm_storage_account" "stranger" {
  name                     = "ststranger"
  resource_group_name      = azurerm_resource_group.westmoor.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    # fail dd20f6f295e0: tag 'tenant' is 't01', but resource group 'rg-erp-westmoor-prd' belongs to 't23'
    tenant = "t01"
    # fail 1c1886911a26: tag 'environment' is 'staging', but resource group 'rg-erp-westmoor-prd' is of 'production'
    environment = "staging"
    # fail 9d822ff02a12: tag 'service-tier' is 'premium'; tenant t01 has tier standard
    service-tier = "premium"
  }
}

resource "azurerm_storage_account" "tier" {
  name                     = "sttier"
  resource_group_name      = azurerm_resource_group.westmoor.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t23"
    environment = "production"
    # fail 2d49bd3d95fe: tag 'service-tier' is 'standard'; tenant t23 has tier premium
    service-tier = "standard"
  }
}

resource "azurerm_resource_group" "staging" {
  name     = "rg-erp-westmoor-stg"
  location = "westeurope"

  tags = {
    tenant      = "t23"
    # fail 2829ce787fd1: tag 'environment' is 'staging', but subscription sub-erp-prod is for production
    environment = "staging"
  }
}
