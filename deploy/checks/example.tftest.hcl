# Put beside each example by .ci/terraform.

mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:123456789012:queue" }
  }
}

run "applies" {
  assert {
    condition     = contains(module.lambda_promtail.environment_names, "WRITE_ADDRESS")
    error_message = "the function knows where to push to"
  }
}
