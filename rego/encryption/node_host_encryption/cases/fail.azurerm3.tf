terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 3.0"
    }
  }
}

resource "azurerm_kubernetes_cluster" "production" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name                   = "system"
    vm_size                = "Standard_D4s_v5"
    # fail 8790239d45fe: pool 'system' has enableEncryptionAtHost false; it must be true
    enable_host_encryption = false
  }

  identity {
    type = "SystemAssigned"
  }
}
