# Access-log mode: ALB's and CloudFront's logs with the labels source and status_code, and nothing else.

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

  name           = "access-logs"
  write_address  = "https://loki.example.com/loki/api/v1/push"
  print_log_line = "false"

  # A part of bucket or key that marks each kind.
  alb_log_s3        = "alb-logs"
  cloudfront_log_s3 = "cloudfront-logs"

  bucket_names  = ["example-alb-logs", "example-cloudfront-logs"]
  filter_prefix = "" # CloudFront's keys begin with no folder

  # Try until the invocation's time is over.
  max_retries    = "0"
  lambda_timeout = 900
}
