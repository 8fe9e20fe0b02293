resource "azurerm_storage_account" "wrong" {
  name                     = "stdocuments"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    # fail 3f114de99bf7: tag 'tenant' is 'brookfen'; one of platform, shared, t01, t02, t23 is expected
    tenant      = "brookfen"
    # fail 99d1ebcb8382: tag 'Environment' is 'Production'; one of development, production, staging, uat is expected
    Environment = "Production"
    # fail d2cd174d2498: tag 'cost-center' is '4100'; what matches ^CC-[0-9]{4}$ is expected
    cost-center = "4100"
  }
}
