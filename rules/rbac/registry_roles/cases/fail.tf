resource "azurerm_container_registry" "erp" {
  name                = "acrerpprd01"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Premium"
}

resource "azurerm_kubernetes_cluster" "erp" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  dns_prefix          = "erp"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4ds_v5"
  }

  kubelet_identity {
    object_id = "00000000-0000-0000-0000-00000000f001"
  }
}

resource "azurerm_kubernetes_cluster" "other" {
  name                = "aks-npd-weu-01"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  dns_prefix          = "erp"

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4ds_v5"
  }
}

resource "azurerm_role_assignment" "kubelet" {
  scope                = azurerm_container_registry.erp.id
  # fail e6e61f158032: the kubelet of cluster 'aks-prd-weu-01' has AcrPush on registry 'acrerpprd01'; AcrPull is expected
  role_definition_name = "AcrPush"
  principal_id         = "00000000-0000-0000-0000-00000000f001"
}

resource "azurerm_role_assignment" "made" {
  scope                = azurerm_container_registry.erp.id
  # fail 85d514b18f15: the kubelet of a cluster has Contributor on registry 'acrerpprd01'; AcrPull is expected
  role_definition_name = "Contributor"
  principal_id         = azurerm_kubernetes_cluster.other.kubelet_identity[0].object_id
}

resource "azurerm_role_assignment" "deployer" {
  scope                = azurerm_container_registry.erp.id
  # fail 1962b59eb761: pipeline ado-erp-deploy-prod has AcrPush on registry 'acrerpprd01'; AcrPull is expected
  role_definition_name = "AcrPush"
  principal_id         = "00000000-0000-0000-0000-00000000c002"
}

resource "azurerm_role_assignment" "tenant" {
  scope                = azurerm_container_registry.erp.id
  # fail f4f630006e7f: tenant t23 (westmoor) has Contributor on registry 'acrerpprd01'; only build pipelines push, and only administrators manage it
  role_definition_name = "Contributor"
  principal_id         = "00000000-0000-0000-0000-00000000d023"
}
