# Buckets that notify the function through EventBridge, and events of AWS Health as lines.

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

  # These buckets must send their events to EventBridge, which is configured elsewhere here.
  eventbridge_bucket_names = ["example-load-balancer-logs"]
  eventbridge_key_prefix   = "AWSLogs/"

  eventbridge_event_patterns = {
    health = jsonencode({ source = ["aws.health"] })
  }
}
