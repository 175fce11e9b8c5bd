# Buckets that notify a queue, which keeps notifications while Loki is down and lets each object fail by itself.

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
  lambda_timeout = 300 # the module sets the queue's visibility timeout to six times this: 1800

  bucket_names            = ["example-load-balancer-logs"]
  sqs_enabled             = true
  sqs_maximum_concurrency = 10
}

output "dead_letter_queue_url" {
  value = module.lambda_promtail.dead_letter_queue_url
}
