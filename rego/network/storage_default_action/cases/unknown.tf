variable "action" {
  type = string
}

resource "azurerm_storage_account" "ruled" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  network_rules {
    # unknown 5ff9d9bea91c: properties.networkAcls.defaultAction is not known: var.action has no value
    default_action = var.action
  }
}
