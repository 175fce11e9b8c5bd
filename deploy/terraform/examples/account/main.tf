# Every log group of the account in this region, including those created later.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.99"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "lambda_promtail" {
  source = "../.."

  write_address  = "https://loki.example.com/loki/api/v1/push"
  print_log_line = "false"

  account_subscription_enabled = true
  # Loki's own log group, if Loki runs in this account: Loki logs each push, and shipping that log would make a loop.
  account_subscription_excluded_log_groups = ["/ecs/loki"]
}
