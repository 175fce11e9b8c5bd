# Access-log mode: logs of ALB and CloudFront, with only the labels source and status_code.

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

  # Parts of the bucket or key by which the function recognises each kind of log.
  alb_log_s3        = "alb-logs"
  cloudfront_log_s3 = "cloudfront-logs"

  bucket_names  = ["example-alb-logs", "example-cloudfront-logs"]
  filter_prefix = "" # CloudFront writes without a folder by default

  # Try each push until the deadline.
  max_retries    = "0"
  lambda_timeout = 900
}
