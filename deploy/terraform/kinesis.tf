locals {
  kinesis_stream_arns = merge({ for name, stream in aws_kinesis_stream.this : name => stream.arn }, var.kinesis_stream_arns)
}

resource "aws_kinesis_stream" "this" {
  for_each = var.kinesis_stream_name

  name                = each.value
  shard_count         = 1
  retention_period    = 48
  shard_level_metrics = ["IncomingBytes", "OutgoingBytes"]
  encryption_type     = var.kinesis_kms_key_id != "" ? "KMS" : null
  kms_key_id          = var.kinesis_kms_key_id != "" ? var.kinesis_kms_key_id : null
  tags                = var.tags

  stream_mode_details {
    stream_mode = "PROVISIONED"
  }
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = local.kinesis_stream_arns

  event_source_arn        = each.value
  function_name           = aws_lambda_function.this.arn
  starting_position       = var.kinesis_starting_position
  batch_size              = var.kinesis_batch_size
  parallelization_factor  = var.kinesis_parallelization_factor
  function_response_types = local.function_response_types

  # Lambda isolates a record that can never be delivered and stops retrying it. Otherwise it would block its shard until it expires.
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = var.kinesis_maximum_retry_attempts

  dynamic "destination_config" {
    for_each = local.on_failure_arn != null ? [local.on_failure_arn] : []

    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }

  # Lambda checks that the role can read the stream.
  depends_on = [aws_iam_role_policy.this]
}
