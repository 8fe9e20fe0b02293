variable "tags" {
  type = map(string)
}

resource "azurerm_resource_group" "some" {
  name     = "rg-erp"
  location = "westeurope"
  # unknown ace509879fed: tags is not known: var.tags has no value
  tags     = var.tags
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = azurerm_resource_group.some.name
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # unknown 4ca27212efe0: the tags of its resource group are not known
  tags = {
    tenant = "t01"
    environment = "production"
  }
}
