# Where resources of upstream's module are in this one. Each address has at most one source, so the moves are a chain.

# Upstream's addresses of today.

# If the notifications of a bucket were removed after this module's were written, the bucket would have none.
moved {
  from = aws_s3_bucket_notification.sqs
  to   = aws_s3_bucket_notification.this
}

moved {
  from = aws_iam_role.this
  to   = aws_iam_role.this[0]
}

moved {
  from = aws_cloudwatch_log_group.this
  to   = aws_cloudwatch_log_group.this[0]
}

# Upstream's addresses before it renamed them in 2023.

moved {
  from = aws_iam_role.iam_for_lambda
  to   = aws_iam_role.this
}

moved {
  from = aws_cloudwatch_log_group.lambda_promtail
  to   = aws_cloudwatch_log_group.this
}

moved {
  from = aws_lambda_function.lambda_promtail
  to   = aws_lambda_function.this
}

moved {
  from = aws_lambda_function_event_invoke_config.lambda_promtail_invoke_config
  to   = aws_lambda_function_event_invoke_config.this
}

moved {
  from = aws_s3_bucket_notification.push-to-sqs
  to   = aws_s3_bucket_notification.sqs
}

moved {
  from = aws_sqs_queue.main-queue
  to   = aws_sqs_queue.main
}

moved {
  from = aws_sqs_queue.dead-letter-queue
  to   = aws_sqs_queue.dead_letter
}

moved {
  from = aws_sqs_queue_redrive_allow_policy.from-dql-to-main
  to   = aws_sqs_queue_redrive_allow_policy.this
}

# Upstream's own moves leave these out: its plan destroys the stream with the records in it.

moved {
  from = aws_s3_bucket_notification.push-to-lambda-promtail
  to   = aws_s3_bucket_notification.push-to-sqs
}

moved {
  from = aws_kinesis_stream.kinesis_stream
  to   = aws_kinesis_stream.this
}

moved {
  from = aws_lambda_event_source_mapping.kinesis_event_source
  to   = aws_lambda_event_source_mapping.this
}
