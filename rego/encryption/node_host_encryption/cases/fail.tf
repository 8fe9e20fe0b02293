resource "azurerm_kubernetes_cluster" "production" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name                    = "system"
    vm_size                 = "Standard_D4s_v5"
    # fail 8790239d45fe: pool 'system' has enableEncryptionAtHost false; it must be true
    host_encryption_enabled = false
  }

  identity {
    type = "SystemAssigned"
  }
}

# fail 1286be9d3805: pool 'web' has enableEncryptionAtHost false; it must be true
resource "azurerm_kubernetes_cluster_node_pool" "web" {
  name                  = "web"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.production.id
  vm_size               = "Standard_D8s_v5"
}
