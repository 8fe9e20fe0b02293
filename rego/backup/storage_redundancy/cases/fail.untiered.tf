resource "azurerm_storage_account" "state" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  # fail 7ee33083ee72: data is stored as Standard_LRS; production requires at least zone-redundant storage
  account_replication_type = "LRS"

  tags = {
    tenant       = "platform"
    environment  = "production"
    service-tier = "platform"
  }
}
