# fail b0a461558f27: the API server is public to everyone; a private cluster or authorized IP ranges are expected
resource "azurerm_kubernetes_cluster" "open" {
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

resource "azurerm_kubernetes_cluster" "wide" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  api_server_access_profile {
    # fail 53353575056b: authorized IP range 0.0.0.0/0 is the whole Internet; name the ranges that need the API server
    authorized_ip_ranges = ["203.0.113.0/24", "0.0.0.0/0"]
  }

  identity {
    type = "SystemAssigned"
  }
}

# fail ec6de061685b: the API server is public; clusters of production must be private
resource "azurerm_kubernetes_cluster" "production" {
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
    environment  = "production"
    service-tier = "standard"
  }

  api_server_access_profile {
    authorized_ip_ranges = ["203.0.113.0/24"]
  }

  identity {
    type = "SystemAssigned"
  }
}
