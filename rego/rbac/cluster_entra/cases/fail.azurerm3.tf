terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 3.0"
    }
  }
}

resource "azurerm_kubernetes_cluster" "unmanaged" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
    # fail d048c2491bdd: aadProfile.managed is not true; it must be
    managed            = false
  }

  identity {
    type = "SystemAssigned"
  }
}
