resource "azurerm_storage_account" "ruled" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }
}

resource "azurerm_storage_account" "closed" {
  name                          = "stdocuments"
  resource_group_name           = "rg-erp"
  location                      = "westeurope"
  account_tier                  = "Standard"
  account_replication_type      = "GZRS"
  public_network_access_enabled = false
}

resource "azurerm_storage_account" "apart" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}

resource "azurerm_storage_account_network_rules" "apart" {
  storage_account_id = azurerm_storage_account.apart.id
  default_action     = "Deny"
}
