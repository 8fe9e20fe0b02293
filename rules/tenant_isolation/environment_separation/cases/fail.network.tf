provider "azurerm" {
  features {}
}

resource "azurerm_virtual_network" "development" {
  name                = "vnet-development"
  resource_group_name = "rg-net"
  location            = "westeurope"
  address_space       = ["10.0.0.0/16"]
  tags                = { tenant = "platform", environment = "development" }
}

resource "azurerm_subnet" "development" {
  name                 = "snet-data"
  resource_group_name  = "rg-net"
  virtual_network_name = azurerm_virtual_network.development.name
  address_prefixes     = ["10.0.0.0/24"]
}

resource "azurerm_postgresql_flexible_server" "westmoor" {
  name                = "psql-westmoor-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  version             = "16"
  # fail cbfc563a8809: it is of class production and has its address in virtual network vnet-development of class nonproduction; the two stay apart
  delegated_subnet_id = azurerm_subnet.development.id
  tags                = { tenant = "t23", environment = "production" }
}

resource "azurerm_kubernetes_cluster" "shared" {
  name                = "aks-shared"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  dns_prefix          = "aks"
  tags                = { tenant = "platform", environment = "production" }
  default_node_pool {
    name           = "system"
    vm_size        = "Standard_D4ds_v5"
    node_count     = 3
    # fail 3d3e8c2fcd19: it is of class production and has its address in virtual network vnet-development of class nonproduction; the two stay apart
    vnet_subnet_id = azurerm_subnet.development.id
  }
  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_private_endpoint" "files" {
  name                = "pe-files"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  # fail af64f7ef49a8: it is of class production and has its address in virtual network vnet-development of class nonproduction; the two stay apart
  subnet_id           = azurerm_subnet.development.id
  tags                = { tenant = "t23", environment = "production" }
  private_service_connection {
    name                           = "files"
    is_manual_connection           = false
    private_connection_resource_id = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
  }
}

resource "azurerm_network_interface" "jump" {
  name                = "nic-jump"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  tags                = { tenant = "t23", environment = "production" }
  ip_configuration {
    name                          = "primary"
    # fail fb1a03498860: it is of class production and has its address in virtual network vnet-development of class nonproduction; the two stay apart
    subnet_id                     = azurerm_subnet.development.id
    private_ip_address_allocation = "Dynamic"
  }
}

resource "azurerm_redis_cache" "sessions" {
  name                = "redis-westmoor-prd"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  capacity            = 1
  family              = "P"
  sku_name            = "Premium"
  # fail de6462534ee3: it is of class production and has its address in virtual network vnet-development of class nonproduction; the two stay apart
  subnet_id           = azurerm_subnet.development.id
  tags                = { tenant = "t23", environment = "production" }
}
