variable "tenant" {
  type = string
}

resource "azurerm_storage_account" "documents" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    # unknown cf56f725a291: tags.tenant is not known: var.tenant has no value
    tenant = var.tenant
  }
}
