locals {
  # Prefix and suffix of each bucket's keys.
  eventbridge_filters = { for bucket in var.eventbridge_bucket_names : bucket => {
    prefix = [for part in [try(var.eventbridge_bucket_filters[bucket].prefix, null), var.eventbridge_key_prefix] : part if part != null][0]
    suffix = [for part in [try(var.eventbridge_bucket_filters[bucket].suffix, null), ""] : part if part != null][0]
  } }

  # Buckets by what their keys must match. An asterisk or a backslash in a wildcard is escaped.
  eventbridge_details = { for bucket, filter in local.eventbridge_filters :
    jsonencode(
      filter.suffix != "" ? { object = { key = [{ wildcard = join("*", [for part in [filter.prefix, filter.suffix] : replace(replace(part, "\\", "\\\\"), "*", "\\*")]) }] } } :
      filter.prefix != "" ? { object = { key = [{ prefix = filter.prefix }] } } : {}
    ) => bucket...
  }
  eventbridge_alternatives = [for match, buckets in local.eventbridge_details : merge({ bucket = { name = sort(buckets) } }, jsondecode(match))]

  s3_event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    # Without filters of single buckets there is one alternative.
    detail = jsondecode(length(local.eventbridge_alternatives) == 1 ? jsonencode(local.eventbridge_alternatives[0]) : jsonencode({ "$or" = local.eventbridge_alternatives }))
  })

  event_patterns = merge(
    length(var.eventbridge_bucket_names) > 0 ? { s3-objects = local.s3_event_pattern } : {},
    var.eventbridge_event_patterns,
  )

  event_rules_arn = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${var.name}-*"
  # Where EventBridge puts events that it could not hand over within a day.
  eventbridge_undelivered_queue = one(var.eventbridge_sqs_enabled ? aws_sqs_queue.eventbridge_dead_letter : aws_sqs_queue.on_failure)
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.event_patterns

  name          = "${var.name}-${each.key}"
  description   = "Ships events to Loki through the function ${var.name}."
  event_pattern = each.value
  tags          = var.tags

  lifecycle {
    precondition {
      condition     = length(setsubtract(keys(var.eventbridge_bucket_filters), var.eventbridge_bucket_names)) == 0
      error_message = "eventbridge_bucket_filters has buckets that are not in eventbridge_bucket_names: ${join(", ", setsubtract(keys(var.eventbridge_bucket_filters), var.eventbridge_bucket_names))}."
    }
  }
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.event_patterns

  rule = aws_cloudwatch_event_rule.this[each.key].name
  arn  = var.eventbridge_sqs_enabled ? one(aws_sqs_queue.eventbridge[*].arn) : aws_lambda_function.this.arn

  dynamic "dead_letter_config" {
    for_each = local.eventbridge_undelivered_queue[*].arn

    content {
      arn = dead_letter_config.value
    }
  }

  # EventBridge sends to a queue whose policy lets it.
  depends_on = [aws_sqs_queue_policy.eventbridge, aws_sqs_queue_policy.undelivered, aws_lambda_permission.eventbridge]
}

resource "aws_lambda_permission" "eventbridge" {
  count = length(local.event_patterns) > 0 && !var.eventbridge_sqs_enabled ? 1 : 0

  statement_id   = "eventbridge"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "events.amazonaws.com"
  source_account = local.account
  source_arn     = local.event_rules_arn
}

resource "aws_sqs_queue" "eventbridge" {
  count = var.eventbridge_sqs_enabled ? 1 : 0

  name                       = "${var.name}-eventbridge"
  sqs_managed_sse_enabled    = true
  visibility_timeout_seconds = 6 * var.lambda_timeout
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = one(aws_sqs_queue.eventbridge_dead_letter[*].arn)
    maxReceiveCount     = var.sqs_max_receive_count
  })
}

resource "aws_sqs_queue" "eventbridge_dead_letter" {
  count = var.eventbridge_sqs_enabled ? 1 : 0

  name                      = "${var.name}-eventbridge-dead-letter"
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_redrive_allow_policy" "eventbridge" {
  count = var.eventbridge_sqs_enabled ? 1 : 0

  queue_url = one(aws_sqs_queue.eventbridge_dead_letter[*].id)

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = aws_sqs_queue.eventbridge[*].arn
  })
}

resource "aws_sqs_queue_policy" "eventbridge" {
  count = var.eventbridge_sqs_enabled ? 1 : 0

  queue_url = one(aws_sqs_queue.eventbridge[*].id)

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.events_statement, { Resource = one(aws_sqs_queue.eventbridge[*].arn) })]
  })
}

resource "aws_sqs_queue_policy" "undelivered" {
  count = length(local.event_patterns) > 0 && (var.eventbridge_sqs_enabled || var.on_failure_queue_enabled) ? 1 : 0

  queue_url = local.eventbridge_undelivered_queue.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.events_statement, { Resource = local.eventbridge_undelivered_queue.arn })]
  })
}

locals {
  events_statement = {
    Sid       = "Events"
    Effect    = "Allow"
    Action    = "sqs:SendMessage"
    Principal = { Service = "events.amazonaws.com" }
    Condition = {
      ArnLike      = { "aws:SourceArn" = local.event_rules_arn }
      StringEquals = { "aws:SourceAccount" = local.account }
    }
  }
}

resource "aws_lambda_event_source_mapping" "eventbridge" {
  count = var.eventbridge_sqs_enabled ? 1 : 0

  event_source_arn        = one(aws_sqs_queue.eventbridge[*].arn)
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
