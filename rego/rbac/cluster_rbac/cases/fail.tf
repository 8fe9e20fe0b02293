resource "azurerm_kubernetes_cluster" "production" {
  name                              = "aks-prd-weu-01"
  resource_group_name               = "rg-aks"
  location                          = "westeurope"
  dns_prefix                        = "aks"
  # fail 1ced59a21663: enableRBAC is false; it must be on
  role_based_access_control_enabled = false

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
