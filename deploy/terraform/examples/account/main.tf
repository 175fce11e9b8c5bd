# Every log group of the account in this region, those of tomorrow too.

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
  # Loki's own log group, if Loki runs in this account: it would log each push, which would be pushed.
  account_subscription_excluded_log_groups = ["/ecs/loki"]
}
