output "function_arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_role_arn" {
  description = "ARN of the function's role."
  value       = local.role_arn
}

output "function_role_name" {
  description = "Name of the function's role, to attach further policies to."
  value       = reverse(split("/", local.role_arn))[0]
}

output "log_group_name" {
  description = "Name of the function's own log group."
  value       = local.log_group_name
}

output "log_group_arn" {
  description = "ARN of the function's own log group."
  value       = local.log_group_arn
}

output "kinesis_stream_name" {
  description = "Names of the streams that the module made, by name."
  value       = { for name, stream in aws_kinesis_stream.this : name => stream.name }
}

output "kinesis_stream_arn" {
  description = "ARNs of the streams that the module made, by name."
  value       = { for name, stream in aws_kinesis_stream.this : name => stream.arn }
}

output "sqs_queue_name" {
  description = "Name of the queue between S3 and the function, in a list that is empty without it."
  value       = aws_sqs_queue.main[*].name
}

output "sqs_queue_arn" {
  description = "ARN of the queue between S3 and the function, in a list that is empty without it."
  value       = aws_sqs_queue.main[*].arn
}

output "dead_letter_queue_url" {
  description = "URL of the queue of messages that failed for good, if there is one."
  value       = one(aws_sqs_queue.dead_letter[*].url)
}

output "on_failure_queue_url" {
  description = "URL of the queue of events that failed for good, if the module made one."
  value       = one(aws_sqs_queue.on_failure[*].url)
}

output "environment_names" {
  description = "Names of the environment variables the function has."
  value       = sort(keys(local.environment))
}

output "function_invoke_arn" {
  description = "ARN by which API Gateway and others invoke the function."
  value       = aws_lambda_function.this.invoke_arn
}

output "policy" {
  description = "What the role must be allowed, as a JSON policy: for `existing_role_arn`."
  value       = local.policy
}

output "sqs_queue_url" {
  description = "URL of the queue between S3 and the function, if there is one."
  value       = one(aws_sqs_queue.main[*].url)
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue of messages that failed for good, if there is one."
  value       = one(aws_sqs_queue.dead_letter[*].arn)
}

output "dead_letter_queue_name" {
  description = "Name of the queue of messages that failed for good, if there is one."
  value       = one(aws_sqs_queue.dead_letter[*].name)
}

output "on_failure_queue_arn" {
  description = "ARN of the queue of events that failed for good, if the module made one."
  value       = one(aws_sqs_queue.on_failure[*].arn)
}

output "on_failure_queue_name" {
  description = "Name of the queue of events that failed for good, if the module made one."
  value       = one(aws_sqs_queue.on_failure[*].name)
}

output "on_failure_destination_arn" {
  description = "ARN of the queue or topic for events that failed for good, whoever made it."
  value       = local.on_failure_arn
}

output "eventbridge_queue_arn" {
  description = "ARN of the queue between EventBridge and the function, if there is one."
  value       = one(aws_sqs_queue.eventbridge[*].arn)
}

output "eventbridge_queue_name" {
  description = "Name of the queue between EventBridge and the function, if there is one."
  value       = one(aws_sqs_queue.eventbridge[*].name)
}

output "eventbridge_queue_url" {
  description = "URL of the queue between EventBridge and the function, if there is one."
  value       = one(aws_sqs_queue.eventbridge[*].url)
}

output "eventbridge_dead_letter_queue_arn" {
  description = "ARN of the dead-letter queue of that between EventBridge and the function, if there is one."
  value       = one(aws_sqs_queue.eventbridge_dead_letter[*].arn)
}

output "eventbridge_dead_letter_queue_name" {
  description = "Name of the dead-letter queue of that between EventBridge and the function, if there is one."
  value       = one(aws_sqs_queue.eventbridge_dead_letter[*].name)
}

output "eventbridge_dead_letter_queue_url" {
  description = "URL of the dead-letter queue of that between EventBridge and the function, if there is one."
  value       = one(aws_sqs_queue.eventbridge_dead_letter[*].url)
}

output "eventbridge_rule_arns" {
  description = "ARNs of the rules, by name: `s3-objects` and those of `eventbridge_event_patterns`."
  value       = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn }
}

output "eventbridge_rule_names" {
  description = "Full names of the rules, by name."
  value       = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.name }
}

output "composite_alarm_arn" {
  description = "ARN of the alarm to page on, if `monitoring_enabled`."
  value       = one(aws_cloudwatch_composite_alarm.this[*].arn)
}

output "composite_alarm_name" {
  description = "Name of the alarm to page on, if `monitoring_enabled`."
  value       = one(aws_cloudwatch_composite_alarm.this[*].alarm_name)
}

output "alarm_names" {
  description = "Names of the alarms that the composite alarm watches."
  value       = sort(local.alarm_names)
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard, if `monitoring_enabled`."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_name)
}

output "dashboard_arn" {
  description = "ARN of the CloudWatch dashboard, if `monitoring_enabled`."
  value       = one(aws_cloudwatch_dashboard.this[*].dashboard_arn)
}
