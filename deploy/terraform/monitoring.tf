# What tells of lines that are lost or late: alarms, one alarm over them, a dashboard.

locals {
  queues_of_failures = var.monitoring_enabled ? merge(
    var.on_failure_queue_enabled ? { on-failure = one(aws_sqs_queue.on_failure[*].name) } : {},
    var.sqs_enabled ? { dead-letter = one(aws_sqs_queue.dead_letter[*].name) } : {},
    var.eventbridge_sqs_enabled ? { eventbridge-dead-letter = one(aws_sqs_queue.eventbridge_dead_letter[*].name) } : {},
  ) : {}
  queues_to_read = var.monitoring_enabled ? merge(
    var.sqs_enabled ? { main = one(aws_sqs_queue.main[*].name) } : {},
    var.eventbridge_sqs_enabled ? { eventbridge = one(aws_sqs_queue.eventbridge[*].name) } : {},
  ) : {}

  # Metric and statistic, the value above which it is bad, and for how many of the last periods of five minutes.
  function_alarms = !var.monitoring_enabled ? {} : merge(
    {
      errors = {
        metric  = "Errors", statistic = "Sum", threshold = 0, periods = 3
        meaning = "Invocations have failed for 15 minutes: Loki cannot be reached or refuses what is sent. Lambda retries them."
      }
      throttles = {
        metric  = "Throttles", statistic = "Sum", threshold = 0, periods = 3
        meaning = "Invocations have been throttled for 15 minutes: the reserved concurrency or the account's limit is too low."
      }
      duration = {
        metric  = "Duration", statistic = "Maximum", threshold = 900 * var.lambda_timeout, periods = 3
        meaning = "Invocations have needed over 90 percent of the timeout for 15 minutes: Loki is slow, or lambda_timeout or lambda_memory_size is too small."
      }
      async-events-dropped = {
        metric  = "AsyncEventsDropped", statistic = "Sum", threshold = 0, periods = 1
        meaning = "Lambda gave up events. They are in the on-failure destination."
      }
      destination-delivery-failures = {
        metric  = "DestinationDeliveryFailures", statistic = "Sum", threshold = 0, periods = 1
        meaning = "Lambda could not send failed events to the on-failure destination: they are lost. Look at the role's permissions and the destination."
      }
    },
    length(local.kinesis_stream_arns) == 0 ? {} : {
      iterator-age = {
        metric  = "IteratorAge", statistic = "Maximum", threshold = 1000 * var.alarm_maximum_age_in_seconds, periods = 3
        meaning = "Records of a stream are read late. They are lost when they are older than the stream's retention."
      }
    },
  )

  # Of the function's own metrics: for how many of the last periods of five minutes a value above the threshold is bad.
  has_metrics       = lower(var.metrics) == "emf"
  metrics_namespace = coalesce(var.metrics_namespace, "lambda-promtail")
  metric_alarms = !(var.monitoring_enabled && local.has_metrics) ? {} : {
    lag = {
      threshold = 1000 * var.alarm_maximum_age_in_seconds, periods = 3
      meaning   = "The newest lines of events have been older than ${var.alarm_maximum_age_in_seconds} seconds for 15 minutes when the function got them: they come late, or are delivered again and again."
    }
    rejected = {
      threshold = 0, periods = 1
      meaning   = "Loki refused lines for good. The function's log has Loki's reason."
    }
  }

  alarm_names = concat(
    [for alarm in aws_cloudwatch_metric_alarm.function : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.failed : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.oldest_message : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.own : alarm.alarm_name],
  )
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = local.function_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.meaning
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.this.function_name }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching"
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  for_each = local.queues_of_failures

  alarm_name          = "${var.name}-${each.key}-queue"
  alarm_description   = "The queue ${each.value} holds events that failed for good. Remove the cause, then send them again."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "oldest_message" {
  for_each = local.queues_to_read

  alarm_name          = "${var.name}-${each.key}-queue-age"
  alarm_description   = "Messages in the queue ${each.value} wait for longer than ${var.alarm_maximum_age_in_seconds} seconds: the function fails on them, or does not keep up."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = each.value }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_maximum_age_in_seconds
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "own" {
  for_each = local.metric_alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.meaning
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching"
  tags                = var.tags

  # The largest over all sources: each has metrics of its own.
  metric_query {
    id          = each.key
    expression  = "SELECT MAX(${each.key}) FROM SCHEMA(\"${local.metrics_namespace}\", \"function\", source) WHERE \"function\" = '${var.name}'"
    period      = 300
    return_data = true
  }
}

resource "aws_cloudwatch_composite_alarm" "this" {
  count = var.monitoring_enabled ? 1 : 0

  alarm_name        = var.name
  alarm_description = "Lines are lost or late, or soon will be: one of the alarms of ${var.name} says which and why."
  alarm_rule        = join(" OR ", [for name in sort(local.alarm_names) : "ALARM(\"${name}\")"])
  alarm_actions     = var.alarm_action_arns
  ok_actions        = var.alarm_action_arns
  tags              = var.tags
}

locals {
  # Title, metrics with their statistics, unit of the axis. Six of them fill a screen.
  graphs = concat(
    [
      { title = "Invocations", metrics = [for name in ["Invocations", "Errors", "Throttles"] : ["AWS/Lambda", name, "FunctionName", var.name, { stat = "Sum" }]] },
      { title = "Duration (ms)", metrics = [for stat in ["p50", "p99", "Maximum"] : ["AWS/Lambda", "Duration", "FunctionName", var.name, { stat = stat, label = stat }]] },
      { title = "Asynchronous events", metrics = [for name in ["AsyncEventsReceived", "AsyncEventsDropped", "DestinationDeliveryFailures"] : ["AWS/Lambda", name, "FunctionName", var.name, { stat = "Sum" }]] },
      { title = "Invocations at once", metrics = [["AWS/Lambda", "ConcurrentExecutions", "FunctionName", var.name, { stat = "Maximum" }]] },
    ],
    length(local.queues_of_failures) == 0 ? [] : [
      { title = "Failed for good", metrics = [for name in values(local.queues_of_failures) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name, { stat = "Maximum" }]] },
    ],
    length(local.queues_to_read) == 0 ? [] : [
      { title = "Waiting in queues", metrics = [for name in values(local.queues_to_read) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name, { stat = "Maximum" }]] },
      { title = "Oldest message (s)", metrics = [for name in values(local.queues_to_read) : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", name, { stat = "Maximum" }]] },
    ],
    !local.has_metrics ? [] : [
      { title = "Lag (ms)", metrics = [[{ expression = "SEARCH('{${local.metrics_namespace},function,source} function=\"${var.name}\" MetricName=\"lag\"', 'Maximum')" }]] },
      { title = "Entries", metrics = [for name in ["entries", "rejected", "failed", "dropped"] : [{ expression = "SEARCH('{${local.metrics_namespace},function,source} function=\"${var.name}\" MetricName=\"${name}\"', 'Sum')" }]] },
    ],
    length(local.kinesis_stream_arns) == 0 ? [] : [
      { title = "Age of records read from streams (ms)", metrics = [["AWS/Lambda", "IteratorAge", "FunctionName", var.name, { stat = "Maximum" }]] },
    ],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.monitoring_enabled ? 1 : 0

  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type = "alarm", x = 0, y = 0, width = 24, height = 3
        properties = {
          title  = "Alarms"
          alarms = concat(aws_cloudwatch_composite_alarm.this[*].arn, [for alarm in merge({ for key, alarm in aws_cloudwatch_metric_alarm.function : key => alarm }, { for key, alarm in aws_cloudwatch_metric_alarm.failed : key => alarm }, { for key, alarm in aws_cloudwatch_metric_alarm.oldest_message : "age-${key}" => alarm }, aws_cloudwatch_metric_alarm.own) : alarm.arn])
        }
      }],
      [for index, graph in local.graphs : {
        type       = "metric", x = 12 * (index % 2), y = 3 + 6 * floor(index / 2), width = 12, height = 6
        properties = { title = graph.title, region = local.region, view = "timeSeries", period = 300, metrics = graph.metrics }
      }],
      [{
        type = "log", x = 0, y = 3 + 6 * ceil(length(local.graphs) / 2), width = 24, height = 6
        properties = {
          title  = "Warnings and errors"
          region = local.region
          view   = "table"
          query  = "SOURCE '${local.log_group_name}' | fields @timestamp, @message | filter @message like /WARN|ERROR/ | sort @timestamp desc | limit 50"
        }
      }],
    )
  })
}
