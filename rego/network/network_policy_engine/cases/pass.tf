resource "azurerm_kubernetes_cluster" "calico" {
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
    network_policy = "calico"
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "cilium" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  network_profile {
    network_plugin     = "azure"
    network_data_plane = "cilium"
  }

  identity {
    type = "SystemAssigned"
  }
}
