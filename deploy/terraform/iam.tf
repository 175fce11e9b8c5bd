resource "aws_iam_role" "this" {
  count = var.existing_role_arn == "" ? 1 : 0

  name                 = var.role_name != "" ? var.role_name : var.name
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary != "" ? var.permissions_boundary : null
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

locals {
  # The ARNs in the environment. An ARN itself is not secret.
  credential_arns = concat(
    [
      for value in [local.username, local.password, local.bearer_token, var.redact_key] : nonsensitive(value)
      if nonsensitive(startswith(value, "arn:"))
    ],
    # EXTRA_HEADERS is a JSON object or a list of names and values.
    [
      for value in try(values(jsondecode(nonsensitive(var.extra_headers))), split(",", nonsensitive(var.extra_headers))) :
      trimspace(value) if startswith(trimspace(value), "arn:")
    ],
  )
  # A policy needs the ARN without the suffixes that a setting may have: JSON key, stage and version of a secret, version or label of a parameter.
  secret_arns    = distinct([for arn in local.credential_arns : join(":", slice(split(":", arn), 0, 7)) if split(":", arn)[2] == "secretsmanager"])
  parameter_arns = distinct([for arn in local.credential_arns : join(":", slice(split(":", arn), 0, 6)) if split(":", arn)[2] == "ssm"])

  object_arns = concat(
    [for bucket, filter in local.bucket_filters : "arn:${local.partition}:s3:::${bucket}/${filter.prefix}*"],
    [for bucket, filter in local.eventbridge_filters : "arn:${local.partition}:s3:::${bucket}/${filter.prefix}*"],
  )
  stream_arns     = values(local.kinesis_stream_arns)
  decryption_arns = setunion(var.kms_decrypt_key_arns, [for arn in [var.kms_key_arn, var.kinesis_kms_key_id] : arn if startswith(arn, "arn:")])

  # Each statement exists only if a variable configures the source that needs it.
  statements = concat(
    [{
      Sid      = "OwnLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.log_group_arn}:*"]
    }],
    length(local.object_arns) == 0 ? [] : [{
      Sid      = "ReadObjects"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = local.object_arns
    }],
    !local.has_queue ? [] : [{
      Sid      = "ReadQueue"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      Resource = concat(aws_sqs_queue.main[*].arn, aws_sqs_queue.eventbridge[*].arn, local.redrives ? aws_sqs_queue.on_failure[*].arn : [])
    }],
    !local.continues_objects ? [] : [{
      Sid      = "ContinueObjects"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = aws_sqs_queue.main[*].arn
    }],
    length(local.kinesis_stream_arns) == 0 ? [] : [{
      Sid    = "ReadStreams"
      Effect = "Allow"
      Action = [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ]
      Resource = local.stream_arns
    }],
    local.on_failure_arn == null ? [] : [{
      Sid      = "ReportFailures"
      Effect   = "Allow"
      Action   = [split(":", local.on_failure_arn)[2] == "sns" ? "sns:Publish" : "sqs:SendMessage"]
      Resource = [local.on_failure_arn]
    }],
    var.log_group_tags == "" ? [] : [{
      Sid      = "ReadTags"
      Effect   = "Allow"
      Action   = ["logs:ListTagsForResource"]
      Resource = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:*"]
    }],
    length(local.secret_arns) == 0 ? [] : [{
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = local.secret_arns
    }],
    length(local.parameter_arns) == 0 ? [] : [{
      Sid      = "ReadParameters"
      Effect   = "Allow"
      Action   = ["ssm:GetParameter"]
      Resource = local.parameter_arns
    }],
    length(local.decryption_arns) == 0 ? [] : [{
      Sid      = "Decrypt"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = tolist(local.decryption_arns)
    }],
    length(var.lambda_vpc_subnets) == 0 ? [] : [
      {
        Sid    = "AttachToSubnets"
        Effect = "Allow"
        Action = [
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ]
        # Lambda rejects a role that restricts these actions to single interfaces, subnets or security groups.
        Resource = ["arn:${local.partition}:ec2:${local.region}:${local.account}:*/*"]
      },
      {
        Sid      = "SeeSubnets"
        Effect   = "Allow"
        Action   = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
        Resource = ["*"] # IAM does not support resource restrictions for these actions.
      },
    ],
  )
}

locals {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.statements
  })
}

resource "aws_iam_role_policy" "this" {
  count = var.existing_role_arn == "" ? 1 : 0

  name   = var.name
  role   = one(aws_iam_role.this[*].name)
  policy = local.policy
}
