resource "azurerm_resource_group" "westmoor" {
  name     = "rg-erp-westmoor-prd"
  location = "westeurope"

  # unknown 44b39c6eec63: none of the data services of tenant t23 is among what was read
  tags = {
    tenant = "t23"
    environment = "production"
  }
}

variable "tenant" {
  type = string
}

resource "azurerm_storage_account" "files" {
  name                     = "stfiles"
  resource_group_name      = "rg-elsewhere"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    # unknown 2b37f22c0872: tags.tenant is not known: var.tenant has no value
    tenant      = var.tenant
    environment = "production"
  }
}
