# Buckets whose notifications are taken already, through EventBridge; and AWS Health's events as lines.

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

  # Their events must go to EventBridge: here somebody else has seen to that.
  eventbridge_bucket_names = ["example-load-balancer-logs"]
  eventbridge_key_prefix   = "AWSLogs/"

  eventbridge_event_patterns = {
    health = jsonencode({ source = ["aws.health"] })
  }
}
