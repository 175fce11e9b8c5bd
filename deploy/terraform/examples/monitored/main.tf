# Buckets behind EventBridge and a queue, each with its own keys, and alarms that page a topic.

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

  write_address = "https://loki.example.com/loki/api/v1/push"

  eventbridge_bucket_names   = ["example-load-balancer-logs", "example-waf-logs"]
  eventbridge_key_prefix     = "AWSLogs/"
  eventbridge_bucket_filters = { example-waf-logs = { prefix = "waf/", suffix = ".gz" } }
  eventbridge_sqs_enabled    = true
  sqs_maximum_concurrency    = 5

  monitoring_enabled = true
  alarm_action_arns  = ["arn:aws:sns:eu-west-1:123456789012:on-call"]
}
