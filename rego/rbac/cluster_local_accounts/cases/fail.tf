# fail 1262c4b06c69: disableLocalAccounts is not true; it must be
resource "azurerm_kubernetes_cluster" "default" {
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

resource "azurerm_kubernetes_cluster" "stated" {
  name                   = "aks-prd-weu-01"
  resource_group_name    = "rg-aks"
  location               = "westeurope"
  dns_prefix             = "aks"
  # fail 217160c94885: disableLocalAccounts is not true; it must be
  local_account_disabled = false

  default_node_pool {
    name    = "system"
    vm_size = "Standard_D4s_v5"
  }

  identity {
    type = "SystemAssigned"
  }
}
