terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The oldest whose schema the module was checked against.
      version = ">= 5.99"
    }
  }
}
