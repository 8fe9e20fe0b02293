variable "encrypt" {
  type = bool
}

resource "azurerm_kubernetes_cluster" "production" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  dns_prefix          = "aks"

  default_node_pool {
    name                    = "system"
    vm_size                 = "Standard_D4s_v5"
    # unknown 8790239d45fe: properties.agentPoolProfiles[*].enableEncryptionAtHost is not known: var.encrypt has no value
    host_encryption_enabled = var.encrypt
  }

  identity {
    type = "SystemAssigned"
  }
}
