# fail: aadProfile.managed is not true; it must be
# fail: aadProfile.enableAzureRBAC is not true; it must be
resource "azurerm_kubernetes_cluster" "without" {
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

resource "azurerm_kubernetes_cluster" "other" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  azure_active_directory_role_based_access_control {
    # fail: aadProfile.enableAzureRBAC is not true; it must be
    azure_rbac_enabled     = false
    # fail: administrator group 00000000-0000-0000-0000-0000000bad01 is not declared as one; declare it in the estate or remove it
    admin_group_object_ids = ["00000000-0000-0000-0000-0000000bad01"]
  }

  identity {
    type = "SystemAssigned"
  }
}
