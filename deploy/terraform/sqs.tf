locals {
  continues_objects = var.sqs_enabled && var.continuation_queue_url
}

resource "aws_sqs_queue" "main" {
  count = var.sqs_enabled ? 1 : 0

  name                    = "${var.sqs_queue_name_prefix}-main-queue"
  sqs_managed_sse_enabled = true
  # AWS recommends six times the function's timeout, so that a throttled batch does not become visible again too early.
  visibility_timeout_seconds = 6 * var.lambda_timeout
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = one(aws_sqs_queue.dead_letter[*].arn)
    maxReceiveCount     = var.sqs_max_receive_count
  })
}

resource "aws_sqs_queue" "dead_letter" {
  count = var.sqs_enabled ? 1 : 0

  name                      = "${var.sqs_queue_name_prefix}-dead-letter-queue"
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_redrive_allow_policy" "this" {
  count = var.sqs_enabled ? 1 : 0

  queue_url = one(aws_sqs_queue.dead_letter[*].id)

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = aws_sqs_queue.main[*].arn
  })
}

resource "aws_sqs_queue_policy" "main" {
  count = var.sqs_enabled ? 1 : 0

  queue_url = one(aws_sqs_queue.main[*].id)

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Notifications"
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { Service = "s3.amazonaws.com" }
      Resource  = one(aws_sqs_queue.main[*].arn)
      Condition = {
        ArnEquals    = { "aws:SourceArn" = [for bucket in var.bucket_names : "arn:${local.partition}:s3:::${bucket}"] }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
    }]
  })
}

resource "aws_lambda_event_source_mapping" "sqs" {
  count = var.sqs_enabled ? 1 : 0

  event_source_arn        = one(aws_sqs_queue.main[*].arn)
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

# Lambda would stop the continuations of an object after 16 invocations. The function itself stops them if one makes no progress.
resource "aws_lambda_function_recursion_config" "this" {
  count = local.continues_objects ? 1 : 0

  function_name  = aws_lambda_function.this.function_name
  recursive_loop = "Allow"
}
