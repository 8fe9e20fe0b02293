# fail 7ee8ef882346: aadProfile.enableAzureRBAC is not true; it must be
# fail 9473b06cd62f: aadProfile.managed is not true; it must be
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
    # fail 9d9c3df4eba1: aadProfile.enableAzureRBAC is not true; it must be
    azure_rbac_enabled     = false
    # fail 9ab2d8005d39: administrator group 00000000-0000-0000-0000-0000000bad01 is not declared as one; declare it in the estate or remove it
    admin_group_object_ids = ["00000000-0000-0000-0000-0000000bad01"]
  }

  identity {
    type = "SystemAssigned"
  }
}
