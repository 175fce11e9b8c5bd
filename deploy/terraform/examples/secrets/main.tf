# Credentials in Secrets Manager, a private root certificate, and a function inside a VPC.

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

  write_address       = "https://loki.internal.example.com/loki/api/v1/push"
  print_log_line      = "false"
  username            = "42"
  password_secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf"

  layers      = ["arn:aws:lambda:eu-west-1:123456789012:layer:certificates:1"]
  tls_ca_cert = "/opt/internal-ca.pem"

  lambda_vpc_subnets         = ["subnet-0123456789abcdef0"]
  lambda_vpc_security_groups = ["sg-0123456789abcdef0"]

  architecture         = "arm64"
  permissions_boundary = "arn:aws:iam::123456789012:policy/workloads"
  tags                 = { team = "platform" }

  log_group_names = ["/aws/lambda/checkout"]
}
