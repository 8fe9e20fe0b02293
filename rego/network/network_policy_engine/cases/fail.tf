# fail 05de6c66fb90: no network policy engine is configured (networkPolicy not set); azure, calico or cilium is expected
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

resource "azurerm_kubernetes_cluster" "none" {
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
    # fail 5df29edf8664: no network policy engine is configured (networkPolicy none); azure, calico or cilium is expected
    network_policy = "none"
  }

  identity {
    type = "SystemAssigned"
  }
}
