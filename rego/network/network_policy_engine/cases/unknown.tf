variable "engine" {
  type = string
}

resource "azurerm_kubernetes_cluster" "production" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  network_profile {
    network_plugin = "azure"
    # unknown 538de6988d33: properties.networkProfile.networkPolicy is not known: var.engine has no value
    network_policy = var.engine
  }

  identity {
    type = "SystemAssigned"
  }
}
