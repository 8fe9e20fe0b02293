terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

resource "azurerm_recovery_services_vault" "erp" {
  name                = "rsv-erp"
  resource_group_name = "rg-erp"
  location            = "westeurope"
  sku                 = "Standard"
  immutability        = "Locked"
  # fail b152008aebd4: soft delete is Disabled; it must be on
  soft_delete_enabled = false

  tags = {
    tenant      = "t01"
    environment = "production"
  }
}
