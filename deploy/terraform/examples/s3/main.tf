# Buckets that notify the function of new objects: load balancers, CloudTrail, VPC flow logs.

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

  bucket_names = ["example-load-balancer-logs", "example-trail"]

  # The KMS key that encrypts CloudTrail's objects.
  kms_decrypt_key_arns = ["arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
}
