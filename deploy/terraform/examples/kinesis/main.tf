# An existing Kinesis stream, and one that the module creates.

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

  kinesis_stream_arns = {
    central = "arn:aws:kinesis:eu-west-1:123456789012:stream/central-logs"
  }
  kinesis_stream_name = ["lambda-promtail"]
}

output "on_failure_queue_url" {
  value = module.lambda_promtail.on_failure_queue_url
}
