# The configuration behind the two state files: every source that upstream's module has.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "role_name" {
  type    = string
  default = ""
}

variable "sqs_enabled" {
  type    = bool
  default = true
}

module "lambda_promtail" {
  source = "../../terraform"

  write_address         = "https://loki.example.com/loki/api/v1/push"
  lambda_promtail_image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/lambda-promtail:2"
  log_group_names       = ["/aws/lambda/checkout"]
  bucket_names          = ["example-load-balancer-logs"]
  sqs_enabled           = var.sqs_enabled
  kinesis_stream_name   = ["audit", "checkout", "orders", "payments", "search"]
  role_name             = var.role_name
}
