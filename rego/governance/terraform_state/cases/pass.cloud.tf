terraform {
  cloud {
    organization = "erp"
  }
}
