# What the module makes, with nothing behind it: `tofu test` or `terraform test`.

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
  values = {
    arn = "arn:aws:sqs:eu-west-1:123456789012:main"
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/main"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letter
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:dead-letter" }
}

override_resource {
  target = aws_sqs_queue.on_failure
  values = { arn = "arn:aws:sqs:eu-west-1:123456789012:on-failure" }
}

variables {
  write_address                 = "https://loki.example.com/loki/api/v1/push"
  lambda_promtail_binary_bucket = "packages"
}

run "nothing_but_the_function" {
  assert {
    condition     = aws_lambda_function.this.runtime == "provided.al2023" && aws_lambda_function.this.handler == "bootstrap"
    error_message = "a custom runtime on Amazon Linux 2023"
  }
  assert {
    condition     = aws_lambda_function.this.memory_size == 128 && aws_lambda_function.this.timeout == 60 && one(aws_lambda_function.this.architectures) == "x86_64"
    error_message = "upstream's size, time and architecture"
  }
  assert {
    condition     = aws_lambda_function.this.s3_bucket == "packages" && aws_lambda_function.this.s3_key == "lambda-promtail.zip" && aws_lambda_function.this.filename == null
    error_message = "the zip is in the bucket"
  }
  assert {
    # What upstream's module says by default, and nothing that the function does not need to be told.
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      WRITE_ADDRESS            = "https://loki.example.com/loki/api/v1/push"
      OMIT_EXTRA_LABELS_PREFIX = "false"
      KEEP_STREAM              = "false"
      SKIP_TLS_VERIFY          = "false"
      PRINT_LOG_LINE           = "false"
    })
    error_message = "the environment is upstream's, but for PRINT_LOG_LINE"
  }
  assert {
    condition     = aws_cloudwatch_log_group.this[0].retention_in_days == 14 && aws_cloudwatch_log_group.this[0].name == "/aws/lambda/lambda_promtail"
    error_message = "the function's own log, kept as long as upstream keeps it"
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 2
    error_message = "two retries"
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == aws_sqs_queue.on_failure[0].arn
    error_message = "what fails for good is kept"
  }
  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s.Sid] == ["OwnLog", "ReportFailures"]
    error_message = "the role may log and report failures, nothing else"
  }
  assert {
    condition     = length(aws_lambda_permission.lambda_promtail_allow_cloudwatch) + length(aws_lambda_permission.s3) + length(aws_lambda_permission.eventbridge) == 0
    error_message = "nobody may invoke it"
  }
}

run "log_groups" {
  variables {
    log_group_names              = ["/aws/lambda/checkout", "/aws/lambda/billing"]
    subscription_filter_pattern  = "?ERROR"
    subscription_filter_patterns = { "/aws/lambda/billing" = "" }
  }
  assert {
    condition     = length(aws_lambda_permission.lambda_promtail_allow_cloudwatch) == 1
    error_message = "one permission for all log groups"
  }
  assert {
    condition     = aws_lambda_permission.lambda_promtail_allow_cloudwatch[0].principal == "logs.amazonaws.com" && aws_lambda_permission.lambda_promtail_allow_cloudwatch[0].source_account == "123456789012"
    error_message = "only CloudWatch Logs of this account"
  }
  assert {
    condition     = aws_cloudwatch_log_subscription_filter.lambdafunction_logfilter["/aws/lambda/checkout"].filter_pattern == "?ERROR" && aws_cloudwatch_log_subscription_filter.lambdafunction_logfilter["/aws/lambda/billing"].filter_pattern == ""
    error_message = "patterns, for all and for one"
  }
  assert {
    # Another name would replace the filter.
    condition     = aws_cloudwatch_log_subscription_filter.lambdafunction_logfilter["/aws/lambda/checkout"].name == "lambdafunction_logfilter_/aws/lambda/checkout"
    error_message = "upstream's name"
  }
}

run "account" {
  variables {
    account_subscription_enabled             = true
    account_subscription_excluded_log_groups = ["/ecs/loki"]
  }
  assert {
    condition     = aws_cloudwatch_log_account_policy.this[0].selection_criteria == "LogGroupName NOT IN [\"/aws/lambda/lambda_promtail\",\"/ecs/loki\"]"
    error_message = "the function's own log is left out"
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_log_account_policy.this[0].policy_document).DestinationArn == aws_lambda_function.this.arn
    error_message = "the function is the destination"
  }
  assert {
    condition     = length(aws_lambda_permission.lambda_promtail_allow_cloudwatch) == 1
    error_message = "CloudWatch Logs may invoke it"
  }
}

run "s3" {
  variables {
    bucket_names         = ["one", "two"]
    kms_decrypt_key_arns = ["arn:aws:kms:eu-west-1:123456789012:key/objects"]
  }
  assert {
    condition     = aws_s3_bucket_notification.this["one"].lambda_function[0].filter_prefix == "AWSLogs/" && aws_s3_bucket_notification.this["one"].lambda_function[0].filter_suffix == ".gz"
    error_message = "upstream's filters"
  }
  assert {
    condition     = length(aws_s3_bucket_notification.this) == 2 && length(aws_s3_bucket_notification.this["two"].queue) == 0
    error_message = "both buckets notify the function"
  }
  assert {
    condition     = length(aws_lambda_permission.s3) == 1 && aws_lambda_permission.s3[0].principal == "s3.amazonaws.com" && aws_lambda_permission.s3[0].source_account == "123456789012"
    error_message = "one permission for all buckets of this account"
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadObjects"]).Resource == ["arn:aws:s3:::one/AWSLogs/*", "arn:aws:s3:::two/AWSLogs/*"]
    error_message = "what it is notified of, it may read"
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "Decrypt"]).Resource == ["arn:aws:kms:eu-west-1:123456789012:key/objects"]
    error_message = "and decrypt"
  }
  assert {
    condition     = !contains(keys(aws_lambda_function.this.environment[0].variables), "REPORT_BATCH_ITEM_FAILURES")
    error_message = "there is no mapping to report to"
  }
}

run "s3_through_sqs" {
  variables {
    bucket_names            = ["one"]
    sqs_enabled             = true
    lambda_timeout          = 100
    sqs_maximum_concurrency = 5
  }
  assert {
    condition     = aws_lambda_event_source_mapping.sqs[0].event_source_arn == aws_sqs_queue.main[0].arn && aws_lambda_event_source_mapping.sqs[0].scaling_config[0].maximum_concurrency == 5
    error_message = "the function reads the queue"
  }
  assert {
    condition     = aws_lambda_event_source_mapping.sqs[0].function_response_types == toset(["ReportBatchItemFailures"]) && aws_lambda_function.this.environment[0].variables.REPORT_BATCH_ITEM_FAILURES == "true"
    error_message = "mapping and function agree"
  }
  assert {
    condition     = aws_sqs_queue.main[0].visibility_timeout_seconds == 600
    error_message = "six times the function's timeout"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.main[0].redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead_letter[0].arn, maxReceiveCount = 5 }
    error_message = "what fails for good is kept"
  }
  assert {
    # Other names would replace the queues.
    condition     = aws_sqs_queue.main[0].name == "s3-to-lambda-promtail-main-queue" && aws_sqs_queue.dead_letter[0].name == "s3-to-lambda-promtail-dead-letter-queue"
    error_message = "upstream's names"
  }
  assert {
    condition     = aws_s3_bucket_notification.this["one"].queue[0].filter_prefix == "AWSLogs/" && length(aws_s3_bucket_notification.this["one"].lambda_function) == 0
    error_message = "the bucket notifies the queue, through the same filters"
  }
  assert {
    condition = jsondecode(aws_sqs_queue_policy.main[0].policy).Statement[0].Condition == {
      ArnEquals    = { "aws:SourceArn" = ["arn:aws:s3:::one"] }
      StringEquals = { "aws:SourceAccount" = "123456789012" }
    }
    error_message = "only that bucket may send"
  }
  assert {
    condition     = length(aws_lambda_permission.s3) == 0
    error_message = "S3 itself may not invoke it"
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadQueue"]).Resource == [aws_sqs_queue.main[0].arn]
    error_message = "the role may read the queue"
  }
}

run "kinesis" {
  variables {
    kinesis_stream_name = ["made"]
    kinesis_stream_arns = { there = "arn:aws:kinesis:eu-west-1:123456789012:stream/there" }
  }
  assert {
    condition     = aws_kinesis_stream.this["made"].shard_count == 1 && aws_kinesis_stream.this["made"].retention_period == 48
    error_message = "upstream's stream"
  }
  assert {
    condition     = join(" ", keys(aws_lambda_event_source_mapping.this)) == "made there"
    error_message = "both are read"
  }
  assert {
    condition = alltrue([for mapping in aws_lambda_event_source_mapping.this :
      mapping.bisect_batch_on_function_error && mapping.maximum_retry_attempts == 30 &&
      mapping.destination_config[0].on_failure[0].destination_arn == aws_sqs_queue.on_failure[0].arn &&
      mapping.function_response_types == toset(["ReportBatchItemFailures"]) && mapping.starting_position == "LATEST"
    ])
    error_message = "halving, a limit, and a place for what failed"
  }
  assert {
    condition     = aws_lambda_function.this.environment[0].variables.REPORT_BATCH_ITEM_FAILURES == "true"
    error_message = "the function reports what the mappings read"
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadStreams"]).Resource == ["arn:aws:kinesis:eu-west-1:123456789012:stream/made", "arn:aws:kinesis:eu-west-1:123456789012:stream/there"]
    error_message = "it may read both"
  }
}

run "without_reports" {
  variables {
    bucket_names               = ["one"]
    sqs_enabled                = true
    kinesis_stream_name        = ["made"]
    report_batch_item_failures = false
  }
  assert {
    condition     = length(coalesce(aws_lambda_event_source_mapping.sqs[0].function_response_types, [])) + length(coalesce(aws_lambda_event_source_mapping.this["made"].function_response_types, [])) == 0
    error_message = "no mapping reads a report"
  }
  assert {
    condition     = !contains(keys(aws_lambda_function.this.environment[0].variables), "REPORT_BATCH_ITEM_FAILURES")
    error_message = "so the function writes none"
  }
}

run "reports_cannot_disagree" {
  command = plan
  variables {
    sqs_enabled                = true
    report_batch_item_failures = false
    environment                = { REPORT_BATCH_ITEM_FAILURES = "true" }
  }
  expect_failures = [aws_lambda_function.this]
}

run "eventbridge" {
  variables {
    eventbridge_bucket_names          = ["one"]
    eventbridge_key_prefix            = "logs/"
    eventbridge_notifications_enabled = true
    eventbridge_event_patterns        = { health = "{\"source\":[\"aws.health\"]}" }
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this["s3-objects"].event_pattern) == {
      source        = ["aws.s3"]
      "detail-type" = ["Object Created"]
      detail        = { bucket = { name = ["one"] }, object = { key = [{ prefix = "logs/" }] } }
    }
    error_message = "new objects of that bucket"
  }
  assert {
    condition     = aws_cloudwatch_event_target.this["s3-objects"].arn == aws_lambda_function.this.arn && aws_cloudwatch_event_rule.this["health"].name == "lambda_promtail-health"
    error_message = "both rules lead to the function"
  }
  assert {
    condition     = length(aws_lambda_permission.eventbridge) == 1 && aws_lambda_permission.eventbridge[0].source_account == "123456789012" && aws_lambda_permission.eventbridge[0].source_arn == "arn:aws:events:eu-west-1:123456789012:rule/lambda_promtail-*"
    error_message = "one permission for the module's rules"
  }
  assert {
    condition     = aws_s3_bucket_notification.this["one"].eventbridge && length(aws_s3_bucket_notification.this["one"].lambda_function) == 0
    error_message = "the bucket tells EventBridge only"
  }
  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s if s.Sid == "ReadObjects"]).Resource == ["arn:aws:s3:::one/logs/*"]
    error_message = "it may read these objects"
  }
}

run "credentials" {
  variables {
    username               = "42"
    password_secret_arn    = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf:password::"
    password_parameter_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/not/used"
    tls_client_key         = "/opt/client.key"
    kms_key_arn            = "arn:aws:kms:eu-west-1:123456789012:key/environment"
  }
  assert {
    condition     = nonsensitive(aws_lambda_function.this.environment[0].variables.PASSWORD) == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf:password::" && nonsensitive(aws_lambda_function.this.environment[0].variables.USERNAME) == "42"
    error_message = "the secret goes before the parameter, and the whole ARN to the function"
  }
  assert {
    condition     = nonsensitive(aws_lambda_function.this.environment[0].variables.TLS_CLIENT_KEY) == "/opt/client.key"
    error_message = "a path is a value too"
  }
  assert {
    condition     = { for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s.Sid => s.Resource if contains(["ReadSecrets", "ReadParameters", "Decrypt"], s.Sid) } == { ReadSecrets = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf"], Decrypt = ["arn:aws:kms:eu-west-1:123456789012:key/environment"] }
    error_message = "that secret and that key, no more"
  }
}

run "secret_settings_and_tags" {
  variables {
    extra_headers  = "x-gateway,blue,x-api-key, arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway-AbCdEf"
    redact_key     = "arn:aws:ssm:eu-west-1:123456789012:parameter/redact"
    log_group_tags = "team"
  }
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s.Sid => s.Resource if contains(["ReadSecrets", "ReadParameters", "ReadTags"], s.Sid) } == {
      ReadTags       = ["arn:aws:logs:eu-west-1:123456789012:log-group:*"]
      ReadSecrets    = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway-AbCdEf"]
      ReadParameters = ["arn:aws:ssm:eu-west-1:123456789012:parameter/redact"]
    }
    error_message = "the ARNs among the headers and of the key, and tags only where they are asked for"
  }
}

run "headers_as_json" {
  variables {
    extra_headers = "{\"X-Api-Key\":\"arn:aws:ssm:eu-west-1:123456789012:parameter/gateway\",\"X-Other\":\"a,b\"}"
  }
  assert {
    condition     = { for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s.Sid => s.Resource if contains(["ReadSecrets", "ReadParameters", "ReadTags"], s.Sid) } == { ReadParameters = ["arn:aws:ssm:eu-west-1:123456789012:parameter/gateway"] }
    error_message = "the ARN in the JSON object"
  }
}

run "parameter_and_plain_arn" {
  variables {
    bearer_token               = "arn:aws:ssm:eu-west-1:123456789012:parameter/loki/token:3"
    on_failure_queue_enabled   = false
    on_failure_destination_arn = "arn:aws:sns:eu-west-1:123456789012:alarms"
    lambda_vpc_subnets         = ["subnet-1"]
    lambda_vpc_security_groups = ["sg-1"]
  }
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s.Sid => s } == {
      OwnLog          = { Sid = "OwnLog", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["${aws_cloudwatch_log_group.this[0].arn}:*"] }
      ReportFailures  = { Sid = "ReportFailures", Effect = "Allow", Action = ["sns:Publish"], Resource = ["arn:aws:sns:eu-west-1:123456789012:alarms"] }
      ReadParameters  = { Sid = "ReadParameters", Effect = "Allow", Action = ["ssm:GetParameter"], Resource = ["arn:aws:ssm:eu-west-1:123456789012:parameter/loki/token"] }
      AttachToSubnets = { Sid = "AttachToSubnets", Effect = "Allow", Action = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"], Resource = ["arn:aws:ec2:eu-west-1:123456789012:*/*"] }
      SeeSubnets      = { Sid = "SeeSubnets", Effect = "Allow", Action = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], Resource = ["*"] }
    }
    error_message = "exact actions on exact resources"
  }
  assert {
    condition     = length(aws_sqs_queue.on_failure) == 0 && aws_lambda_function_event_invoke_config.this.destination_config[0].on_failure[0].destination == "arn:aws:sns:eu-west-1:123456789012:alarms"
    error_message = "the topic in place of the queue"
  }
}

run "every_permission" {
  variables {
    bucket_names           = ["one"]
    sqs_enabled            = true
    kinesis_stream_name    = ["made"]
    username_parameter_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/loki/user"
    password_secret_arn    = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf"
    kms_key_arn            = "arn:aws:kms:eu-west-1:123456789012:key/environment"
    lambda_vpc_subnets     = ["subnet-1"]
  }
  assert {
    condition = jsonencode({ for s in jsondecode(aws_iam_role_policy.this[0].policy).Statement : s.Sid => s.Action }) == jsonencode({
      OwnLog          = ["logs:CreateLogStream", "logs:PutLogEvents"]
      ReadObjects     = ["s3:GetObject"]
      ReadQueue       = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      ReadStreams     = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
      ReportFailures  = ["sqs:SendMessage"]
      ReadSecrets     = ["secretsmanager:GetSecretValue"]
      ReadParameters  = ["ssm:GetParameter"]
      Decrypt         = ["kms:Decrypt"]
      AttachToSubnets = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"]
      SeeSubnets      = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
    })
    error_message = "these actions and no others"
  }
}

run "no_destination" {
  variables {
    on_failure_queue_enabled = false
  }
  assert {
    condition     = length(aws_lambda_function_event_invoke_config.this.destination_config) == 0
    error_message = "none when none is wanted"
  }
}

run "image" {
  variables {
    lambda_promtail_image         = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/lambda-promtail:1"
    lambda_promtail_binary_bucket = ""
    architecture                  = "arm64"
    permissions_boundary          = "arn:aws:iam::123456789012:policy/boundary"
    tags                          = { team = "logs" }
  }
  assert {
    condition     = aws_lambda_function.this.package_type == "Image" && aws_lambda_function.this.handler == null && aws_lambda_function.this.runtime == null && aws_lambda_function.this.filename == null
    error_message = "an image and no zip"
  }
  assert {
    condition     = one(aws_lambda_function.this.architectures) == "arm64" && aws_iam_role.this[0].permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "architecture and boundary"
  }
  assert {
    condition     = aws_lambda_function.this.tags.team == "logs" && aws_iam_role.this[0].tags.team == "logs" && aws_cloudwatch_log_group.this[0].tags.team == "logs" && aws_sqs_queue.on_failure[0].tags.team == "logs"
    error_message = "tags"
  }
}

run "a_missing_zip_is_named" {
  command = plan
  variables {
    lambda_promtail_binary_bucket = ""
    lambda_promtail_binary_path   = "/nowhere/lambda-promtail.zip"
  }
  expect_failures = [aws_lambda_function.this]
}

run "a_local_zip" {
  variables {
    lambda_promtail_binary_bucket = ""
    # Any file will do: nothing reads it here.
    lambda_promtail_binary_path = "versions.tf"
  }
  assert {
    condition     = aws_lambda_function.this.filename == "versions.tf" && aws_lambda_function.this.source_code_hash == filebase64sha256("versions.tf")
    error_message = "a new zip updates the function"
  }
}

run "a_setting_for_the_functions_timeout" {
  command = plan
  variables {
    timeout = "120"
  }
  expect_failures = [var.timeout]
}
