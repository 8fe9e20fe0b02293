terraform {
  # fail a078e9422149: the state is stored by backend 'local'; it must be remote, locked and encrypted
  backend "local" {
    path = "terraform.tfstate"
  }
}
