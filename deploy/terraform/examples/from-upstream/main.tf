# A configuration of upstream's module in which only `source` changed. Its README.md lists what a plan shows.

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

  name                          = "lambda_promtail"
  write_address                 = "https://loki.example.com/loki/api/v1/push"
  username                      = "42"
  password_parameter_arn        = "arn:aws:ssm:eu-west-1:123456789012:parameter/loki/password"
  lambda_promtail_binary_bucket = "example-packages"
  lambda_promtail_binary_key    = "lambda-promtail.zip"
  log_group_names               = ["/aws/lambda/checkout"]
  bucket_names                  = ["example-load-balancer-logs"]
  sqs_enabled                   = true
  keep_stream                   = "true"
  extra_labels                  = "env,production"
  batch_size                    = "131072"
}
