variable "cluster_id" {
  type    = string
  default = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks-prd-weu-01"
}

# fail b8131b51880d: pool 'web' has enableEncryptionAtHost false; it must be true
resource "azurerm_kubernetes_cluster_node_pool" "web" {
  name                  = "web"
  kubernetes_cluster_id = var.cluster_id
  vm_size               = "Standard_D8s_v5"
}
