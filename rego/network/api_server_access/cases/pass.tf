resource "azurerm_kubernetes_cluster" "production" {
  name                    = "aks-prd-weu-01"
  resource_group_name     = "rg-aks"
  location                = "westeurope"
  dns_prefix              = "aks"
  private_cluster_enabled = true

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  tags = {
    tenant       = "shared"
    environment  = "production"
    service-tier = "standard"
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "staging" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  tags = {
    tenant       = "shared"
    environment  = "staging"
    service-tier = "standard"
  }

  api_server_access_profile {
    authorized_ip_ranges = ["203.0.113.0/24"]
  }

  identity {
    type = "SystemAssigned"
  }
}
