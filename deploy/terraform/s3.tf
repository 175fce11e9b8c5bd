resource "aws_lambda_permission" "s3" {
  count = length(var.bucket_names) > 0 && !var.sqs_enabled ? 1 : 0

  statement_id   = "s3"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "s3.amazonaws.com"
  source_account = local.account
}

# A bucket has one notification configuration, so there is one resource for all destinations. If a second resource for
# the same bucket were removed after this one was written, it would delete the configuration.
moved {
  from = aws_s3_bucket_notification.sqs
  to   = aws_s3_bucket_notification.this
}

resource "aws_s3_bucket_notification" "this" {
  for_each = setunion(var.bucket_names, var.eventbridge_notifications_enabled ? var.eventbridge_bucket_names : [])

  bucket      = each.value
  eventbridge = var.eventbridge_notifications_enabled && contains(var.eventbridge_bucket_names, each.value)

  dynamic "lambda_function" {
    for_each = !var.sqs_enabled && contains(var.bucket_names, each.value) ? [aws_lambda_function.this.arn] : []

    content {
      lambda_function_arn = lambda_function.value
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = var.filter_prefix
      filter_suffix       = var.filter_suffix
    }
  }

  dynamic "queue" {
    for_each = var.sqs_enabled && contains(var.bucket_names, each.value) ? aws_sqs_queue.main[*].arn : []

    content {
      queue_arn     = queue.value
      events        = ["s3:ObjectCreated:*"]
      filter_prefix = var.filter_prefix
      filter_suffix = var.filter_suffix
    }
  }

  # S3 sends a test event to each destination before it accepts the configuration.
  depends_on = [aws_lambda_permission.s3, aws_sqs_queue_policy.main]
}
