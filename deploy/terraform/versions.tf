terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 5.36 is the first with account-level subscriptions.
      version = ">= 5.36"
    }
  }
}
