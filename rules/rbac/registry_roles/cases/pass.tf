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
}

resource "azurerm_role_definition" "list" {
  name  = "List images"
  scope = azurerm_container_registry.erp.id

  permissions {
    actions = ["Microsoft.ContainerRegistry/registries/read"]
  }
}

resource "azurerm_role_assignment" "kubelet" {
  scope                = azurerm_container_registry.erp.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.erp.kubelet_identity[0].object_id
}

resource "azurerm_role_assignment" "builder" {
  scope                = azurerm_container_registry.erp.id
  role_definition_name = "AcrPush"
  principal_id         = "00000000-0000-0000-0000-00000000c003"
}

resource "azurerm_role_assignment" "list" {
  scope              = azurerm_container_registry.erp.id
  role_definition_id = azurerm_role_definition.list.role_definition_resource_id
  principal_id       = "00000000-0000-0000-0000-00000000e001"
}

resource "azurerm_role_assignment" "elsewhere" {
  scope                = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-erp"
  role_definition_name = "Contributor"
  principal_id         = "00000000-0000-0000-0000-00000000c002"
}
