resource "azurerm_kubernetes_cluster" "default" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "stated" {
  name                              = "aks-prd-weu-01"
  resource_group_name               = "rg-aks"
  location                          = "westeurope"
  dns_prefix                        = "aks"
  role_based_access_control_enabled = true

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
