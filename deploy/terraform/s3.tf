locals {
  # Prefix and suffix of each bucket's keys.
  bucket_filters = { for bucket in var.bucket_names : bucket => {
    prefix = [for part in [try(var.bucket_filters[bucket].prefix, null), var.filter_prefix] : part if part != null][0]
    suffix = [for part in [try(var.bucket_filters[bucket].suffix, null), var.filter_suffix] : part if part != null][0]
  } }
}

resource "aws_lambda_permission" "s3" {
  count = length(var.bucket_names) > 0 && !var.sqs_enabled ? 1 : 0

  statement_id   = "s3"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "s3.amazonaws.com"
  source_account = local.account
}

# A bucket has one notification configuration, so there is one resource for all destinations.
resource "aws_s3_bucket_notification" "this" {
  for_each = setunion(var.bucket_names, var.eventbridge_notifications_enabled ? var.eventbridge_bucket_names : [])

  bucket      = each.value
  eventbridge = var.eventbridge_notifications_enabled && contains(var.eventbridge_bucket_names, each.value)

  dynamic "lambda_function" {
    for_each = !var.sqs_enabled && contains(var.bucket_names, each.value) ? [aws_lambda_function.this.arn] : []

    content {
      lambda_function_arn = lambda_function.value
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = local.bucket_filters[each.value].prefix
      filter_suffix       = local.bucket_filters[each.value].suffix
    }
  }

  dynamic "queue" {
    for_each = var.sqs_enabled && contains(var.bucket_names, each.value) ? aws_sqs_queue.main[*].arn : []

    content {
      queue_arn     = queue.value
      events        = ["s3:ObjectCreated:*"]
      filter_prefix = local.bucket_filters[each.value].prefix
      filter_suffix = local.bucket_filters[each.value].suffix
    }
  }

  # S3 sends a test event to each destination before it accepts the configuration.
  depends_on = [aws_lambda_permission.s3, aws_sqs_queue_policy.main]

  lifecycle {
    precondition {
      condition     = length(setsubtract(keys(var.bucket_filters), var.bucket_names)) == 0
      error_message = "bucket_filters has buckets that are not in bucket_names: ${join(", ", setsubtract(keys(var.bucket_filters), var.bucket_names))}."
    }
  }
}
