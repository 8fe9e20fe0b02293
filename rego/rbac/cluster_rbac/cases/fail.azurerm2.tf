terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 2.99"
    }
  }
}

resource "azurerm_kubernetes_cluster" "old" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  role_based_access_control {
    # fail f24a6e7b0103: enableRBAC is false; it must be on
    enabled = false
  }

  identity {
    type = "SystemAssigned"
  }
}
