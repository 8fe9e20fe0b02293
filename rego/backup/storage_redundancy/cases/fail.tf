resource "azurerm_storage_account" "business" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  # fail 352aa1278995: data is stored as Standard_ZRS; tier business requires geo-redundant storage
  account_replication_type = "ZRS"

  tags = {
    tenant      = "t02"
    environment = "production"
  }
}

resource "azurerm_storage_account" "shared" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  # fail 5512df8c11ca: data is stored as Standard_LRS; production requires at least zone-redundant storage
  account_replication_type = "LRS"

  tags = {
    tenant       = "shared"
    environment  = "production"
    service-tier = "standard"
  }
}
