# fail ddd1d17daa4b: networks are admitted by default (defaultAction not set); Deny is expected, or publicNetworkAccess Disabled
resource "azurerm_storage_account" "open" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"
}

resource "azurerm_storage_account" "listed" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  network_rules {
    # fail 99918f43acbb: networks are admitted by default (defaultAction Allow); Deny is expected, or publicNetworkAccess Disabled
    default_action = "Allow"
    ip_rules       = ["203.0.113.7"]
  }
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
  # fail fad777370238: networks are admitted by default (defaultAction Allow); Deny is expected, or publicNetworkAccess Disabled
  default_action     = "Allow"
}
