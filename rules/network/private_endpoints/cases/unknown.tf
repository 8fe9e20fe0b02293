variable "account" {
  type = string
}

resource "azurerm_virtual_network" "erp" {
  name                = "vnet-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "endpoints" {
  name                 = "endpoints"
  resource_group_name  = "rg-erp"
  virtual_network_name = azurerm_virtual_network.erp.name
  address_prefixes     = ["10.0.0.0/24"]
}

resource "azurerm_storage_account" "files" {
  # unknown ce16d4c8dc58: where every private endpoint leads is not known
  name                     = "stfiles"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  tags = {
    tenant = "t01"
    environment = "production"
  }
}

resource "azurerm_storage_account" "whose" {
  name                     = "stwhose"
  resource_group_name      = "rg-erp"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GZRS"

  # unknown 1fe2b7b366b1: its environment is not known: neither its tags nor its group or subscription name one
  tags = {
    tenant = "t01"
  }
}

resource "azurerm_private_endpoint" "some" {
  name                = "pe-some"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "some"
    private_connection_resource_id = var.account
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = ["/subscriptions/s/resourceGroups/rg-hub/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"]
  }
}
