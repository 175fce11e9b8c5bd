data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  # The attribute `name` is deprecated in version 6 of the provider, and `region` does not exist in version 5.
  region = data.aws_region.current.id

  from_image  = var.lambda_promtail_image != ""
  from_bucket = !local.from_image && var.lambda_promtail_binary_bucket != ""
  from_file   = !local.from_image && !local.from_bucket
  zip         = var.lambda_promtail_binary_path != "" ? var.lambda_promtail_binary_path : "${path.module}/../../target/package/${var.architecture}/lambda-promtail.zip"

  role_arn       = var.existing_role_arn != "" ? var.existing_role_arn : one(aws_iam_role.this[*].arn)
  log_group_name = var.existing_log_group_name != "" ? var.existing_log_group_name : one(aws_cloudwatch_log_group.this[*].name)
  log_group_arn  = var.existing_log_group_name != "" ? "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${var.existing_log_group_name}" : one(aws_cloudwatch_log_group.this[*].arn)

  on_failure_arn = var.on_failure_destination_arn != "" ? var.on_failure_destination_arn : one(aws_sqs_queue.on_failure[*].arn)
}

resource "aws_cloudwatch_log_group" "this" {
  count = var.existing_log_group_name == "" ? 1 : 0

  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.log_kms_key_arn != "" ? var.log_kms_key_arn : null
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = local.role_arn
  architectures = [var.architecture]
  package_type  = local.from_image ? "Image" : "Zip"

  image_uri         = local.from_image ? var.lambda_promtail_image : null
  s3_bucket         = local.from_bucket ? var.lambda_promtail_binary_bucket : null
  s3_key            = local.from_bucket ? var.lambda_promtail_binary_key : null
  s3_object_version = local.from_bucket && var.lambda_promtail_binary_version != "" ? var.lambda_promtail_binary_version : null
  filename          = local.from_file ? local.zip : null
  source_code_hash  = local.from_file && fileexists(local.zip) ? filebase64sha256(local.zip) : null
  runtime           = local.from_image ? null : "provided.al2023"
  handler           = local.from_image ? null : "bootstrap"
  layers            = local.from_image ? null : var.layers

  memory_size                    = var.lambda_memory_size
  timeout                        = var.lambda_timeout
  reserved_concurrent_executions = var.reserved_concurrent_executions
  kms_key_arn                    = var.kms_key_arn != "" ? var.kms_key_arn : null
  tags                           = var.tags

  environment {
    variables = local.environment
  }

  logging_config {
    log_format = var.log_format
    log_group  = local.log_group_name
  }

  # With empty lists the block has no effect.
  vpc_config {
    subnet_ids         = var.lambda_vpc_subnets
    security_group_ids = var.lambda_vpc_security_groups
  }

  # The role's permissions must exist before the first invocation.
  depends_on = [aws_iam_role_policy.this]

  lifecycle {
    precondition {
      condition     = !local.from_file || fileexists(local.zip)
      error_message = "There is no zip at ${local.zip}: make it with deploy/package, or set lambda_promtail_binary_path, lambda_promtail_binary_bucket or lambda_promtail_image."
    }

    precondition {
      condition     = !(local.has_mappings && contains(keys(var.environment), "REPORT_BATCH_ITEM_FAILURES"))
      error_message = "REPORT_BATCH_ITEM_FAILURES must say what the event source mappings say: set report_batch_item_failures, which sets both."
    }

    precondition {
      condition     = !var.on_failure_redrive_enabled || (var.on_failure_queue_enabled && var.on_failure_destination_arn == "")
      error_message = "on_failure_redrive_enabled needs the module's own queue: set on_failure_queue_enabled, and leave on_failure_destination_arn empty."
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = var.maximum_retry_attempts
  maximum_event_age_in_seconds = var.maximum_event_age_in_seconds

  dynamic "destination_config" {
    for_each = local.on_failure_arn != null ? [local.on_failure_arn] : []

    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }

  # Lambda checks that the role can send to the destination.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_sqs_queue" "on_failure" {
  count = var.on_failure_queue_enabled ? 1 : 0

  name                      = "${var.name}-on-failure"
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  # 30 seconds are AWS's default. A queue that the function reads needs at least the function's timeout.
  visibility_timeout_seconds = local.redrives ? 6 * var.lambda_timeout : 30
  tags                       = var.tags
}

resource "aws_lambda_event_source_mapping" "on_failure" {
  count = local.redrives ? 1 : 0

  event_source_arn        = one(aws_sqs_queue.on_failure[*].arn)
  function_name           = aws_lambda_function.this.arn
  batch_size              = var.sqs_batch_size
  function_response_types = local.function_response_types

  dynamic "scaling_config" {
    for_each = var.sqs_maximum_concurrency != null ? [var.sqs_maximum_concurrency] : []

    content {
      maximum_concurrency = scaling_config.value
    }
  }

  # Lambda checks that the role can read the queue.
  depends_on = [aws_iam_role_policy.this]
}
