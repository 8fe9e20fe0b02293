variable "azure_rbac" {
  type = bool
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

  azure_active_directory_role_based_access_control {
    # unknown 1c7c50e4c0ed: properties.aadProfile.enableAzureRBAC is not known: var.azure_rbac has no value
    azure_rbac_enabled = var.azure_rbac
  }

  identity {
    type = "SystemAssigned"
  }
}
