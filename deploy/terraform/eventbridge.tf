locals {
  s3_event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail = merge(
      { bucket = { name = sort(var.eventbridge_bucket_names) } },
      var.eventbridge_key_prefix == "" ? {} : { object = { key = [{ prefix = var.eventbridge_key_prefix }] } },
    )
  })

  event_patterns = merge(
    length(var.eventbridge_bucket_names) > 0 ? { s3-objects = local.s3_event_pattern } : {},
    var.eventbridge_event_patterns,
  )
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.event_patterns

  name          = "${var.name}-${each.key}"
  description   = "Ships events to Loki through the function ${var.name}."
  event_pattern = each.value
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.event_patterns

  rule = aws_cloudwatch_event_rule.this[each.key].name
  arn  = aws_lambda_function.this.arn
}

resource "aws_lambda_permission" "eventbridge" {
  count = length(local.event_patterns) > 0 ? 1 : 0

  statement_id   = "eventbridge"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "events.amazonaws.com"
  source_account = local.account
  source_arn     = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${var.name}-*"
}
