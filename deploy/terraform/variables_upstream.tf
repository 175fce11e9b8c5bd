# Upstream's variables: names, types and defaults are theirs.

variable "name" {
  description = "Name of the function and its role; the log group is `/aws/lambda/<name>`."
  type        = string
  default     = "lambda_promtail"
}

variable "bucket_names" {
  description = "Buckets whose new objects are shipped. The module owns the notification configuration of each bucket and removes everything else in it."
  type        = set(string)
  default     = []
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
}

variable "lambda_promtail_image" {
  description = "URI of a container image in ECR, in place of a zip."
  type        = string
  default     = ""
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
}

variable "username_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds `USERNAME`, which the role is then allowed to read. It takes precedence over `username_parameter_arn` and `username`."
  type        = string
  default     = ""
}

variable "password_parameter_arn" {
  description = "ARN of the SSM parameter that holds `PASSWORD`, which the role is then allowed to read. It takes precedence over `password`."
  type        = string
  default     = ""
}

variable "password_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds `PASSWORD`, which the role is then allowed to read. It takes precedence over `password_parameter_arn` and `password`."
  type        = string
  default     = ""
}

variable "bearer_token_parameter_arn" {
  description = "ARN of the SSM parameter that holds `BEARER_TOKEN`, which the role is then allowed to read. It takes precedence over `bearer_token`."
  type        = string
  default     = ""
}

variable "bearer_token_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds `BEARER_TOKEN`, which the role is then allowed to read. It takes precedence over `bearer_token_parameter_arn` and `bearer_token`."
  type        = string
  default     = ""
}

variable "lambda_vpc_subnets" {
  description = "Subnets that the function is attached to. Loki and the services that it reads from (S3, Secrets Manager, SSM) must be reachable from them."
  type        = list(string)
  default     = []
}

variable "lambda_vpc_security_groups" {
  description = "Security groups of the function in these subnets."
  type        = list(string)
  default     = []
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the function's environment."
  type        = string
  default     = ""
}

variable "kinesis_stream_name" {
  description = "Kinesis streams to create (one shard, 48 hours) and read. Streams that exist: `kinesis_stream_arns`."
  type        = set(string)
  default     = []
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
}

# Those of the function's settings. `cargo xtask generate` writes them, from the table of settings.

# generated: settings
variable "write_address" {
  description = "`WRITE_ADDRESS`: push URL, `http` or `https`, used exactly as given: it must include the path, usually `/loki/api/v1/push`."
  type        = string
  default     = "http://localhost:8080/loki/api/v1/push"
}

variable "tenant_id" {
  description = "`TENANT_ID`: tenant, sent in the header `X-Scope-OrgID`."
  type        = string
  default     = ""
}

variable "extra_labels" {
  description = "`EXTRA_LABELS`: labels for every stream, as `name1,value1,name2,value2`; names get the prefix `__extra_`."
  type        = string
  default     = ""
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
}

variable "batch_size" {
  description = "`BATCH_SIZE`: size of a batch in bytes, as the body of a push before compression; a batch only exceeds it if a single entry does."
  type        = string
  default     = ""
}

variable "username" {
  description = "`USERNAME`: user name for basic auth, together with `PASSWORD`: the value, or the ARN of a Secrets Manager secret or SSM parameter. The role is allowed to read what an ARN names. `username_secret_arn` takes precedence over `username_parameter_arn`, and that over this variable."
  type        = string
  default     = ""
  sensitive   = true
}

variable "password" {
  description = "`PASSWORD`: password for basic auth, together with `USERNAME`: value or ARN. The state file and the function's configuration show a value, but not what an ARN names. `password_secret_arn` takes precedence over `password_parameter_arn`, and that over this variable."
  type        = string
  default     = ""
  sensitive   = true
}

variable "bearer_token" {
  description = "`BEARER_TOKEN`: token for `Authorization: Bearer`, not together with `USERNAME`: value or ARN. The state file and the function's configuration show a value, but not what an ARN names. `bearer_token_secret_arn` takes precedence over `bearer_token_parameter_arn`, and that over this variable."
  type        = string
  default     = ""
  sensitive   = true
}

variable "skip_tls_verify" {
  description = "`SKIP_TLS_VERIFY`: accept any server certificate; for development only, with a warning at start."
  type        = string
  default     = "false"
}

variable "print_log_line" {
  description = "`PRINT_LOG_LINE`: also write every line to the function's own log; upstream's default is `true`, which stores every line in CloudWatch a second time. The default of this variable is upstream's."
  type        = string
  default     = "true"
}
# end of generated
