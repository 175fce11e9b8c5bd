# Log groups of CloudWatch, each with a subscription filter.

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
  tenant_id      = "platform"
  extra_labels   = "env,production"
  print_log_line = "false"

  log_group_names             = ["/aws/lambda/checkout", "/aws/lambda/billing"]
  subscription_filter_pattern = "" # matches every log event
}
