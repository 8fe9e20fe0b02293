terraform {
  # fail a078e9422149: the backend opens its storage with an account key; use_azuread_auth or use_oidc is expected
  backend "azurerm" {
    resource_group_name  = "rg-tfstate"
    storage_account_name = "sttfstateprd"
    container_name       = "tfstate"
    key                  = "shared.tfstate"
    # fail 4c0b1b9165df: the backend states its access_key; sign in with Microsoft Entra ID instead
    access_key           = "not-a-real-key"
  }
}
