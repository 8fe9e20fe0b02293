variable "rbac" {
  type = bool
}

resource "azurerm_kubernetes_cluster" "production" {
  name                              = "aks-prd-weu-01"
  resource_group_name               = "rg-aks"
  location                          = "westeurope"
  dns_prefix                        = "aks"
  # unknown 1ced59a21663: properties.enableRBAC is not known: var.rbac has no value
  role_based_access_control_enabled = var.rbac

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
