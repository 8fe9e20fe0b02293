resource "azurerm_storage_account" "state" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "ZRS"

  tags = {
    tenant       = "platform"
    environment  = "production"
    service-tier = "platform"
  }
}
