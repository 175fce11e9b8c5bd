# What the module makes beyond the sources: roles, filters, queues behind EventBridge, alarms.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:123456789012:function:lambda_promtail" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/lambda_promtail" }
  }
  mock_resource "aws_kinesis_stream" {
    defaults = { arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/made" }
  }
}

override_resource {
  target = aws_sqs_queue.main
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:main" }
}

override_resource {
  target = aws_sqs_queue.dead_letter
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:dead-letter" }
}

override_resource {
  target = aws_sqs_queue.on_failure
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:on-failure" }
}

override_resource {
  target = aws_sqs_queue.eventbridge
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:eventbridge" }
}

override_resource {
  target = aws_sqs_queue.eventbridge_dead_letter
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:eventbridge-dead-letter" }
}

variables {
  write_address                 = "https://loki.example.com/loki/api/v1/push"
  lambda_promtail_binary_bucket = "packages"
}

run "an_existing_role_and_log_group" {
  variables {
    existing_role_arn       = "arn:aws:iam::123456789012:role/logs/shipper"
    existing_log_group_name = "/shared/shippers"
    log_group_names         = ["/aws/lambda/checkout"]
    bucket_names            = ["one"]
  }
  assert {
    condition     = length(aws_iam_role.this) + length(aws_iam_role_policy.this) + length(aws_cloudwatch_log_group.this) == 0
    error_message = "none of them is made or changed"
  }
  assert {
    condition     = aws_lambda_function.this.role == "arn:aws:iam::123456789012:role/logs/shipper" && aws_lambda_function.this.logging_config[0].log_group == "/shared/shippers"
    error_message = "the function has both"
  }
  assert {
    condition     = { for s in jsondecode(output.policy).Statement : s.Sid => s.Resource } == { OwnLog = ["arn:aws:logs:eu-west-1:123456789012:log-group:/shared/shippers:*"], ReadObjects = ["arn:aws:s3:::one/AWSLogs/*"], ReportFailures = ["arn:aws:sqs:eu-west-1:123456789012:on-failure"] }
    error_message = "the output says what the role needs"
  }
  assert {
    condition     = output.function_role_name == "shipper" && output.function_role_arn == "arn:aws:iam::123456789012:role/logs/shipper" && output.log_group_name == "/shared/shippers"
    error_message = "outputs name what is used"
  }
}

run "a_role_by_name_path_and_boundary" {
  variables {
    role_name            = "iam_for_lambda"
    role_path            = "/logs/"
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
  }
  assert {
    condition     = aws_iam_role.this[0].name == "iam_for_lambda" && aws_iam_role.this[0].path == "/logs/" && aws_iam_role.this[0].permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "the role has all three"
  }
}

run "filters_of_buckets" {
  variables {
    bucket_names   = ["one", "two", "three"]
    bucket_filters = { two = { prefix = "waf/" }, three = { prefix = "", suffix = ".log" } }
  }
  assert {
    condition = { for name, each in aws_s3_bucket_notification.this : name => "${each.lambda_function[0].filter_prefix}*${each.lambda_function[0].filter_suffix}" } == {
      one   = "AWSLogs/*.gz"
      two   = "waf/*.gz"
      three = "*.log"
    }
    error_message = "each bucket has its own, or that of all"
  }
  assert {
    condition     = toset(one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadObjects"]).Resource) == toset(["arn:aws:s3:::one/AWSLogs/*", "arn:aws:s3:::two/waf/*", "arn:aws:s3:::three/*"])
    error_message = "the role may read under these prefixes"
  }
}

run "filters_of_buckets_of_a_queue" {
  variables {
    bucket_names   = ["one"]
    sqs_enabled    = true
    bucket_filters = { one = { prefix = "waf/", suffix = "" } }
  }
  assert {
    condition     = aws_s3_bucket_notification.this["one"].queue[0].filter_prefix == "waf/" && aws_s3_bucket_notification.this["one"].queue[0].filter_suffix == ""
    error_message = "the queue gets the same"
  }
}

run "filters_of_eventbridge" {
  variables {
    eventbridge_bucket_names   = ["one", "two", "three"]
    eventbridge_key_prefix     = "AWSLogs/"
    eventbridge_bucket_filters = { three = { prefix = "a*b/", suffix = ".gz" } }
  }
  assert {
    condition = toset([for each in jsondecode(aws_cloudwatch_event_rule.this["s3-objects"].event_pattern).detail["$or"] : jsonencode(each)]) == toset([
      jsonencode({ bucket = { name = ["one", "two"] }, object = { key = [{ prefix = "AWSLogs/" }] } }),
      jsonencode({ bucket = { name = ["three"] }, object = { key = [{ wildcard = "a\\*b/*.gz" }] } }),
    ])
    error_message = "buckets with equal filters together, and the asterisk of a key is one"
  }
  assert {
    condition     = toset(one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadObjects"]).Resource) == toset(["arn:aws:s3:::one/AWSLogs/*", "arn:aws:s3:::two/AWSLogs/*", "arn:aws:s3:::three/a*b/*"])
    error_message = "the role may read under these prefixes"
  }
  assert {
    condition     = aws_cloudwatch_event_target.this["s3-objects"].dead_letter_config[0].arn == aws_sqs_queue.on_failure[0].arn && jsondecode(aws_sqs_queue_policy.undelivered[0].policy).Statement[0].Resource == aws_sqs_queue.on_failure[0].arn
    error_message = "what EventBridge cannot hand over is kept, and it may send it there"
  }
}

run "eventbridge_through_a_queue" {
  variables {
    eventbridge_bucket_names   = ["one"]
    eventbridge_event_patterns = { health = "{\"source\":[\"aws.health\"]}" }
    eventbridge_sqs_enabled    = true
    lambda_timeout             = 100
    sqs_maximum_concurrency    = 3
  }
  assert {
    condition     = alltrue([for target in aws_cloudwatch_event_target.this : target.arn == aws_sqs_queue.eventbridge[0].arn && target.dead_letter_config[0].arn == aws_sqs_queue.eventbridge_dead_letter[0].arn]) && length(aws_cloudwatch_event_target.this) == 2
    error_message = "every rule sends to the queue"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.eventbridge[0].redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.eventbridge_dead_letter[0].arn, maxReceiveCount = 5 } && aws_sqs_queue.eventbridge[0].visibility_timeout_seconds == 600 && aws_sqs_queue.eventbridge_dead_letter[0].message_retention_seconds == 1209600
    error_message = "what fails for good is kept for 14 days"
  }
  assert {
    condition = jsondecode(aws_sqs_queue_policy.eventbridge[0].policy).Statement[0].Condition == {
      ArnLike      = { "aws:SourceArn" = "arn:aws:events:eu-west-1:123456789012:rule/lambda_promtail-*" }
      StringEquals = { "aws:SourceAccount" = "123456789012" }
    }
    error_message = "only the module's rules may send"
  }
  assert {
    condition     = aws_lambda_event_source_mapping.eventbridge[0].event_source_arn == aws_sqs_queue.eventbridge[0].arn && aws_lambda_event_source_mapping.eventbridge[0].scaling_config[0].maximum_concurrency == 3 && aws_lambda_event_source_mapping.eventbridge[0].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "the function reads it, three batches at once, and reports what failed"
  }
  assert {
    condition     = aws_lambda_function.this.environment[0].variables.REPORT_BATCH_ITEM_FAILURES == "true" && aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "the function reports, and no reserve starves the queue"
  }
  assert {
    condition     = length(aws_lambda_permission.eventbridge) == 0 && one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadQueue"]).Resource == [aws_sqs_queue.eventbridge[0].arn]
    error_message = "EventBridge may not invoke it, and the role may read the queue"
  }
}

run "failed_events_are_shipped_again" {
  variables {
    on_failure_redrive_enabled = true
    lambda_timeout             = 100
  }
  assert {
    condition     = aws_lambda_event_source_mapping.on_failure[0].event_source_arn == aws_sqs_queue.on_failure[0].arn && aws_lambda_event_source_mapping.on_failure[0].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "the function reads the queue, and reports what failed"
  }
  assert {
    condition     = aws_sqs_queue.on_failure[0].visibility_timeout_seconds == 600 && aws_lambda_function.this.environment[0].variables.REPORT_BATCH_ITEM_FAILURES == "true"
    error_message = "a message stays hidden for six times the timeout, and the function reports"
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadQueue"]).Resource == [aws_sqs_queue.on_failure[0].arn]
    error_message = "the role may read the queue"
  }
}

run "failed_events_are_only_kept_by_default" {
  assert {
    condition     = length(aws_lambda_event_source_mapping.on_failure) == 0 && aws_sqs_queue.on_failure[0].visibility_timeout_seconds == 30 && length([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadQueue"]) == 0
    error_message = "the function does not read the queue"
  }
}

run "only_the_modules_own_queue_is_read" {
  command = plan
  variables {
    on_failure_queue_enabled   = false
    on_failure_redrive_enabled = true
  }
  expect_failures = [aws_lambda_function.this]
}

run "another_place_of_failed_events_is_not_read" {
  command = plan
  variables {
    on_failure_destination_arn = "arn:aws:sqs:eu-west-1:111122223333:failed"
    on_failure_redrive_enabled = true
  }
  expect_failures = [aws_lambda_function.this]
}

run "streams_are_encrypted" {
  variables {
    kinesis_stream_name = ["made"]
    kinesis_kms_key_id  = "arn:aws:kms:eu-west-1:123456789012:key/stream"
  }
  assert {
    condition     = aws_kinesis_stream.this["made"].encryption_type == "KMS" && aws_kinesis_stream.this["made"].kms_key_id == "arn:aws:kms:eu-west-1:123456789012:key/stream"
    error_message = "with the key"
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "Decrypt"]).Resource == ["arn:aws:kms:eu-west-1:123456789012:key/stream"]
    error_message = "the role may decrypt them"
  }
}

run "streams_are_encrypted_with_the_key_of_aws" {
  variables {
    kinesis_stream_name = ["made"]
    kinesis_kms_key_id  = "alias/aws/kinesis"
  }
  assert {
    condition     = aws_kinesis_stream.this["made"].kms_key_id == "alias/aws/kinesis" && length([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "Decrypt"]) == 0
    error_message = "needs no permission"
  }
}

run "no_alarm_by_default" {
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.function) + length(aws_cloudwatch_metric_alarm.failed) + length(aws_cloudwatch_metric_alarm.oldest_message) + length(aws_cloudwatch_composite_alarm.this) + length(aws_cloudwatch_dashboard.this) == 0 && output.composite_alarm_arn == null
    error_message = "one variable makes them all"
  }
}

run "alarms_on_the_functions_own_metrics" {
  variables {
    monitoring_enabled = true
    metrics            = "emf"
    metrics_namespace  = "shippers"
  }
  assert {
    condition = { for key, alarm in aws_cloudwatch_metric_alarm.own : key => "${one(alarm.metric_query).expression} > ${alarm.threshold}" } == {
      lag      = "SELECT MAX(lag) FROM SCHEMA(\"shippers\", \"function\", source) WHERE \"function\" = 'lambda_promtail' > 900000"
      rejected = "SELECT MAX(rejected) FROM SCHEMA(\"shippers\", \"function\", source) WHERE \"function\" = 'lambda_promtail' > 0"
    }
    error_message = "names and dimensions are those of METRICS=emf"
  }
  assert {
    condition     = alltrue([for name in ["lambda_promtail-lag", "lambda_promtail-rejected"] : strcontains(aws_cloudwatch_composite_alarm.this[0].alarm_rule, "ALARM(\"${name}\")")])
    error_message = "the composite alarm watches them"
  }
  assert {
    condition     = toset(["Lag (ms)", "Entries"]) == toset([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.title if contains(["Lag (ms)", "Entries"], widget.properties.title)])
    error_message = "the dashboard shows them"
  }
}

run "alarms" {
  variables {
    monitoring_enabled       = true
    alarm_action_arns        = ["arn:aws:sns:eu-west-1:123456789012:on-call"]
    bucket_names             = ["one"]
    sqs_enabled              = true
    eventbridge_bucket_names = ["two"]
    eventbridge_sqs_enabled  = true
    kinesis_stream_name      = ["made"]
    lambda_timeout           = 100
  }
  assert {
    condition = { for key, alarm in aws_cloudwatch_metric_alarm.function : key => "${alarm.namespace} ${alarm.metric_name} ${alarm.statistic} > ${alarm.threshold} ${alarm.dimensions.FunctionName}" } == {
      errors                        = "AWS/Lambda Errors Sum > 0 lambda_promtail"
      throttles                     = "AWS/Lambda Throttles Sum > 0 lambda_promtail"
      duration                      = "AWS/Lambda Duration Maximum > 90000 lambda_promtail"
      async-events-dropped          = "AWS/Lambda AsyncEventsDropped Sum > 0 lambda_promtail"
      destination-delivery-failures = "AWS/Lambda DestinationDeliveryFailures Sum > 0 lambda_promtail"
      iterator-age                  = "AWS/Lambda IteratorAge Maximum > 900000 lambda_promtail"
    }
    error_message = "metrics, thresholds and dimensions of the function"
  }
  assert {
    condition = { for alarm in merge(aws_cloudwatch_metric_alarm.failed, { for key, alarm in aws_cloudwatch_metric_alarm.oldest_message : "age-${key}" => alarm }) : alarm.dimensions.QueueName => "${alarm.namespace} ${alarm.metric_name} > ${alarm.threshold}" } == {
      lambda_promtail-on-failure              = "AWS/SQS ApproximateNumberOfMessagesVisible > 0"
      s3-to-lambda-promtail-dead-letter-queue = "AWS/SQS ApproximateNumberOfMessagesVisible > 0"
      lambda_promtail-eventbridge-dead-letter = "AWS/SQS ApproximateNumberOfMessagesVisible > 0"
      s3-to-lambda-promtail-main-queue        = "AWS/SQS ApproximateAgeOfOldestMessage > 900"
      lambda_promtail-eventbridge             = "AWS/SQS ApproximateAgeOfOldestMessage > 900"
    }
    error_message = "queues of failures, and the age of what waits"
  }
  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.function), values(aws_cloudwatch_metric_alarm.failed), values(aws_cloudwatch_metric_alarm.oldest_message)) : alarm.treat_missing_data == "notBreaching" && alarm.comparison_operator == "GreaterThanThreshold" && length(coalesce(alarm.alarm_actions, [])) == 0])
    error_message = "no data is good, and none of them pages by itself"
  }
  assert {
    condition     = toset(split(" OR ", aws_cloudwatch_composite_alarm.this[0].alarm_rule)) == toset([for name in output.alarm_names : "ALARM(\"${name}\")"]) && length(output.alarm_names) == 11
    error_message = "the composite alarm watches every one of them"
  }
  assert {
    condition     = aws_cloudwatch_composite_alarm.this[0].alarm_actions == toset(["arn:aws:sns:eu-west-1:123456789012:on-call"]) && aws_cloudwatch_composite_alarm.this[0].ok_actions == toset(["arn:aws:sns:eu-west-1:123456789012:on-call"])
    error_message = "and pages"
  }
  assert {
    condition     = toset(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : [for metric in try(widget.properties.metrics, []) : metric[1]]])) == toset(["Invocations", "Errors", "Throttles", "Duration", "AsyncEventsReceived", "AsyncEventsDropped", "DestinationDeliveryFailures", "ConcurrentExecutions", "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "IteratorAge"])
    error_message = "the dashboard shows what the alarms watch"
  }
  assert {
    condition     = length(one([for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget if widget.type == "alarm"]).properties.alarms) == 12
    error_message = "and all alarms"
  }
}

run "alarms_without_queues_and_streams" {
  variables {
    monitoring_enabled       = true
    on_failure_queue_enabled = false
  }
  assert {
    condition     = output.alarm_names == tolist(["lambda_promtail-async-events-dropped", "lambda_promtail-destination-delivery-failures", "lambda_promtail-duration", "lambda_promtail-errors", "lambda_promtail-throttles"])
    error_message = "no alarm about what is not there"
  }
}
