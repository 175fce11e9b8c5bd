# One permission for all log groups, because a function's policy has room for only some dozens of statements.
resource "aws_lambda_permission" "lambda_promtail_allow_cloudwatch" {
  count = length(var.log_group_names) > 0 || var.account_subscription_enabled ? 1 : 0

  statement_id   = "logs"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "logs.amazonaws.com"
  source_account = local.account

  lifecycle {
    # During a migration, upstream's permission stays in force until this one exists.
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_subscription_filter" "lambdafunction_logfilter" {
  for_each = var.log_group_names

  name            = "lambdafunction_logfilter_${each.value}"
  log_group_name  = each.value
  destination_arn = aws_lambda_function.this.arn
  filter_pattern  = lookup(var.subscription_filter_patterns, each.value, var.subscription_filter_pattern)

  depends_on = [aws_lambda_permission.lambda_promtail_allow_cloudwatch]
}

resource "aws_cloudwatch_log_account_policy" "this" {
  count = var.account_subscription_enabled ? 1 : 0

  policy_name = var.name
  policy_type = "SUBSCRIPTION_FILTER_POLICY"
  # Shipping the function's own log would make a loop.
  selection_criteria = "LogGroupName NOT IN ${jsonencode(sort(setunion(var.account_subscription_excluded_log_groups, [local.log_group_name])))}"

  policy_document = jsonencode({
    DestinationArn = aws_lambda_function.this.arn
    FilterPattern  = var.subscription_filter_pattern
    Distribution   = "Random"
  })

  depends_on = [aws_lambda_permission.lambda_promtail_allow_cloudwatch]
}
