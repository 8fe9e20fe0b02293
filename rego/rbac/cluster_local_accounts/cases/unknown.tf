variable "disabled" {
  type = bool
}

resource "azurerm_kubernetes_cluster" "production" {
  name                   = "aks-prd-weu-01"
  resource_group_name    = "rg-aks"
  location               = "westeurope"
  dns_prefix             = "aks"
  # unknown 300151efeef5: properties.disableLocalAccounts is not known: var.disabled has no value
  local_account_disabled = var.disabled

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
