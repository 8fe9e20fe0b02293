terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 3.0"
    }
  }
}

resource "azurerm_kubernetes_cluster" "wide" {
  name                            = "aks-prd-weu-01"
  resource_group_name             = "rg-aks"
  location                        = "westeurope"
  dns_prefix                      = "aks"
  # fail 53353575056b: authorized IP range 0.0.0.0/0 is the whole Internet; name the ranges that need the API server
  api_server_authorized_ip_ranges = ["0.0.0.0/0"]

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
