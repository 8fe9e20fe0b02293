variable "private" {
  type = bool
}

resource "azurerm_kubernetes_cluster" "production" {
  name                    = "aks-prd-weu-01"
  resource_group_name     = "rg-aks"
  location                = "westeurope"
  dns_prefix              = "aks"
  # unknown ec6de061685b: properties.apiServerAccessProfile.enablePrivateCluster is not known: var.private has no value
  private_cluster_enabled = var.private

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
