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
  value       = aws_iam_role.this.arn
}

output "function_role_name" {
  description = "Name of the function's role, to attach further policies to."
  value       = aws_iam_role.this.name
}

output "log_group_name" {
  description = "Name of the function's own log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "log_group_arn" {
  description = "ARN of the function's own log group."
  value       = aws_cloudwatch_log_group.this.arn
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
