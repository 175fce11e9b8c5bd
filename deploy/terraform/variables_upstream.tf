# Upstream's variables: names, types and defaults are theirs, except that `write_address` must be set and that
# `print_log_line` is `"false"`.

variable "name" {
  description = "Name of the function and its role; the log group is `/aws/lambda/<name>`."
  type        = string
  default     = "lambda_promtail"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "name must be 1 to 64 letters, digits, hyphens and underscores."
  }
}

variable "bucket_names" {
  description = "Buckets whose new objects are shipped. The module owns the notification configuration of each bucket and removes everything else in it."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.bucket_names : can(regex("^[A-Za-z0-9._-]{3,255}$", name))])
    error_message = "bucket_names must be names of buckets, without s3:// and without a path."
  }
}

variable "filter_prefix" {
  description = "Prefix of keys: only objects of `bucket_names` whose keys begin with it are shipped, and the role can read no others."
  type        = string
  default     = "AWSLogs/"
}

variable "filter_suffix" {
  description = "Suffix of keys: only objects of `bucket_names` whose keys end with it are shipped."
  type        = string
  default     = ".gz"
}

variable "log_group_names" {
  description = "Log groups whose logs are shipped. The module subscribes the function to them."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.log_group_names : can(regex("^[.A-Za-z0-9_/#-]{1,512}$", name))])
    error_message = "log_group_names must be names of log groups, not ARNs."
  }
}

variable "lambda_promtail_image" {
  description = "URI of a container image in ECR, in place of a zip."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|[0-9]{12}\\.dkr[.-]ecr.+)$", var.lambda_promtail_image))
    error_message = "lambda_promtail_image must be the URI of an image in ECR: Lambda takes no other."
  }
}

variable "lambda_promtail_binary_bucket" {
  description = "Bucket that holds the zip; without it, and without an image, the zip is a local file: `lambda_promtail_binary_path`."
  type        = string
  default     = ""
}

variable "lambda_promtail_binary_key" {
  description = "Key of the zip in `lambda_promtail_binary_bucket`."
  type        = string
  default     = "lambda-promtail.zip"
}

variable "username_parameter_arn" {
  description = "ARN of the SSM parameter that holds `USERNAME`, which the role is then allowed to read. It takes precedence over `username`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:ssm:[^:]+:[^:]+:.+)$", var.username_parameter_arn))
    error_message = "username_parameter_arn must be the ARN of an SSM parameter."
  }
}

variable "username_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds `USERNAME`, which the role is then allowed to read. It takes precedence over `username_parameter_arn` and `username`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:secretsmanager:[^:]+:[^:]+:.+)$", var.username_secret_arn))
    error_message = "username_secret_arn must be the ARN of a Secrets Manager secret."
  }
}

variable "password_parameter_arn" {
  description = "ARN of the SSM parameter that holds `PASSWORD`, which the role is then allowed to read. It takes precedence over `password`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:ssm:[^:]+:[^:]+:.+)$", var.password_parameter_arn))
    error_message = "password_parameter_arn must be the ARN of an SSM parameter."
  }
}

variable "password_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds `PASSWORD`, which the role is then allowed to read. It takes precedence over `password_parameter_arn` and `password`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:secretsmanager:[^:]+:[^:]+:.+)$", var.password_secret_arn))
    error_message = "password_secret_arn must be the ARN of a Secrets Manager secret."
  }
}

variable "bearer_token_parameter_arn" {
  description = "ARN of the SSM parameter that holds `BEARER_TOKEN`, which the role is then allowed to read. It takes precedence over `bearer_token`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:ssm:[^:]+:[^:]+:.+)$", var.bearer_token_parameter_arn))
    error_message = "bearer_token_parameter_arn must be the ARN of an SSM parameter."
  }
}

variable "bearer_token_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds `BEARER_TOKEN`, which the role is then allowed to read. It takes precedence over `bearer_token_parameter_arn` and `bearer_token`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:secretsmanager:[^:]+:[^:]+:.+)$", var.bearer_token_secret_arn))
    error_message = "bearer_token_secret_arn must be the ARN of a Secrets Manager secret."
  }
}

variable "lambda_vpc_subnets" {
  description = "Subnets that the function is attached to. Loki and the services that it reads from (S3, Secrets Manager, SSM) must be reachable from them."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.lambda_vpc_subnets : can(regex("^subnet-", id))])
    error_message = "lambda_vpc_subnets must be ids such as subnet-0123456789abcdef0."
  }
}

variable "lambda_vpc_security_groups" {
  description = "Security groups of the function in these subnets."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.lambda_vpc_security_groups : can(regex("^sg-", id))])
    error_message = "lambda_vpc_security_groups must be ids such as sg-0123456789abcdef0."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the function's environment."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:kms:.+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be an ARN that begins with arn:aws:kms:."
  }
}

variable "kinesis_stream_name" {
  description = "Kinesis streams to create (one shard, 48 hours) and read. Streams that exist: `kinesis_stream_arns`."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.kinesis_stream_name : can(regex("^[A-Za-z0-9_.-]{1,128}$", name))])
    error_message = "kinesis_stream_name must be names of streams; for streams that exist, set kinesis_stream_arns."
  }
}

variable "sqs_enabled" {
  description = "Send the notifications of `bucket_names` to an SQS queue that the function reads, instead of to the function."
  type        = bool
  default     = false
}

variable "sqs_queue_name_prefix" {
  description = "Prefix of the names of the queue and its dead-letter queue."
  type        = string
  default     = "s3-to-lambda-promtail"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,62}$", var.sqs_queue_name_prefix))
    error_message = "sqs_queue_name_prefix must be 1 to 62 letters, digits, hyphens and underscores: a name has 80 at most."
  }
}

# Those of the function's settings. `cargo xtask generate` writes them, from the table of settings.

# generated: settings
variable "write_address" {
  description = "`WRITE_ADDRESS`: push URL, `http` or `https`, used exactly as given: it must include the path, usually `/loki/api/v1/push`."
  type        = string

  validation {
    condition     = can(regex("^([hH][tT][tT][pP][sS]?://.+)$", var.write_address))
    error_message = "write_address must be a push URL such as https://loki.example.com/loki/api/v1/push."
  }
}

variable "tenant_id" {
  description = "`TENANT_ID`: tenant, sent in the header `X-Scope-OrgID`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|[^\\x00-\\x08\\x0a-\\x1f\\x7f]*)$", var.tenant_id))
    error_message = "tenant_id must be without control characters, because a header carries it."
  }
}

variable "extra_labels" {
  description = "`EXTRA_LABELS`: labels for every stream, as `name1,value1,name2,value2`; names get the prefix `__extra_`."
  type        = string
  default     = ""

  validation {
    condition     = var.extra_labels == "" || length(split(",", var.extra_labels)) % 2 == 0
    error_message = "extra_labels must be a list such as name1,value1,name2,value2: an even number of parts."
  }
}

variable "omit_extra_labels_prefix" {
  description = "`OMIT_EXTRA_LABELS_PREFIX`: do not add the prefix `__extra_` to the names in `EXTRA_LABELS`."
  type        = bool
  default     = false
}

variable "drop_labels" {
  description = "`DROP_LABELS`: comma-separated names of labels to remove from every stream."
  type        = string
  default     = ""
}

variable "keep_stream" {
  description = "`KEEP_STREAM`: add the CloudWatch log stream as the label `__aws_cloudwatch_log_stream`."
  type        = string
  default     = "false"
}

variable "relabel_configs" {
  description = "`RELABEL_CONFIGS`: relabelling rules, as a JSON array in Prometheus's format."
  type        = string
  default     = ""

  validation {
    condition     = var.relabel_configs == "" || can(regex("^\\s*\\[", var.relabel_configs)) && can(jsondecode(var.relabel_configs))
    error_message = "relabel_configs must be a JSON array."
  }
}

variable "batch_size" {
  description = "`BATCH_SIZE`: size of a batch in bytes, as the body of a push before compression; a batch only exceeds it if a single entry does."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?[0-9]+)$", var.batch_size))
    error_message = "batch_size must be a number of bytes."
  }
}

variable "username" {
  description = "`USERNAME`: user name for basic auth, together with `PASSWORD`: the value, or the ARN of a Secrets Manager secret or SSM parameter. The role is allowed to read what an ARN names. `username_secret_arn` takes precedence over `username_parameter_arn`, and that over this variable."
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = can(regex("^(|([^a\\x00-\\x1f\\x7f]|a[^r\\x00-\\x1f\\x7f]|ar[^n\\x00-\\x1f\\x7f]|arn[^:\\x00-\\x1f\\x7f])[^\\x00-\\x1f\\x7f]*|ar?n?|arn:[^:]+:(secretsmanager|ssm):[^:]+:[^:]+:\\S+)$", var.username))
    error_message = "username must be a text without control characters, or the ARN of a Secrets Manager secret or SSM parameter."
  }
}

variable "password" {
  description = "`PASSWORD`: password for basic auth, together with `USERNAME`: value or ARN. The state file and the function's configuration show a value, but not what an ARN names. `password_secret_arn` takes precedence over `password_parameter_arn`, and that over this variable."
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = can(regex("^(|([^a\\x00-\\x1f\\x7f]|a[^r\\x00-\\x1f\\x7f]|ar[^n\\x00-\\x1f\\x7f]|arn[^:\\x00-\\x1f\\x7f])[^\\x00-\\x1f\\x7f]*|ar?n?|arn:[^:]+:(secretsmanager|ssm):[^:]+:[^:]+:\\S+)$", var.password))
    error_message = "password must be a text without control characters, or the ARN of a Secrets Manager secret or SSM parameter."
  }
}

variable "bearer_token" {
  description = "`BEARER_TOKEN`: token for `Authorization: Bearer`, not together with `USERNAME`: value or ARN. The state file and the function's configuration show a value, but not what an ARN names. `bearer_token_secret_arn` takes precedence over `bearer_token_parameter_arn`, and that over this variable."
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = can(regex("^(|([^a\\x00-\\x1f\\x7f]|a[^r\\x00-\\x1f\\x7f]|ar[^n\\x00-\\x1f\\x7f]|arn[^:\\x00-\\x1f\\x7f])[^\\x00-\\x1f\\x7f]*|ar?n?|arn:[^:]+:(secretsmanager|ssm):[^:]+:[^:]+:\\S+)$", var.bearer_token))
    error_message = "bearer_token must be a text without control characters, or the ARN of a Secrets Manager secret or SSM parameter."
  }
}

variable "skip_tls_verify" {
  description = "`SKIP_TLS_VERIFY`: accept any server certificate; for development only, with a warning at start."
  type        = string
  default     = "false"
}

variable "print_log_line" {
  description = "`PRINT_LOG_LINE`: also write every line to the function's own log; upstream's default is `true`, which stores every line in CloudWatch a second time. The default of this variable is not upstream's."
  type        = string
  default     = "false"
}
# end of generated
