# The function's settings that upstream's module has no variable for, each under the setting's own name.
# An empty one is not set: the function's default holds.

# `cargo xtask generate` writes these, from the table of settings.

# generated: settings
variable "structured_metadata" {
  description = "`STRUCTURED_METADATA`: comma-separated facts to attach to each entry as structured metadata with the name `aws_<fact>`: `log_stream`, `event_id`, `s3_bucket`, `s3_key`, `account`, `region`, `kinesis_sequence`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|[\\s,]*((log_stream|event_id|s3_bucket|s3_key|account|region|kinesis_sequence)[\\s,]*)*)$", var.structured_metadata))
    error_message = "structured_metadata must be a list of log_stream, event_id, s3_bucket, s3_key, account, region and kinesis_sequence, separated by commas."
  }
}

variable "log_group_tags" {
  description = "`LOG_GROUP_TAGS`: comma-separated keys of tags of the CloudWatch log group that become the labels `__aws_tag_<key>`. The role is then allowed to read the tags of log groups."
  type        = string
  default     = ""
}

variable "loki_stage_configs" {
  description = "`LOKI_STAGE_CONFIGS`: pipeline stages, as a JSON array in promtail's format."
  type        = string
  default     = ""

  validation {
    condition     = var.loki_stage_configs == "" || can(regex("^\\s*\\[", var.loki_stage_configs)) && can(jsondecode(var.loki_stage_configs))
    error_message = "loki_stage_configs must be a JSON array."
  }
}

variable "redact_key" {
  description = "`REDACT_KEY`: key of at least 16 bytes for `redact` stages with `hash`: value or ARN. The role is allowed to read what an ARN names. The state file and the function's configuration show a value."
  type        = string
  default     = ""
  sensitive   = true
}

variable "max_line_size" {
  description = "`MAX_LINE_SIZE`: bytes after which a line is cut, after all stages and between two characters; cut lines are counted in the summary; `0`: no limit."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?0*(0|[4-9]|[1-9][0-9]+))$", var.max_line_size))
    error_message = "max_line_size must be a number of bytes, 4 or more, or 0 for no limit."
  }
}

variable "pipeline_timeout" {
  description = "`PIPELINE_TIMEOUT`: accepted for compatibility and ignored; the processing time of a line is always bounded."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|[uµμ]s|ms|[smh]))+)|-0)$", var.pipeline_timeout))
    error_message = "pipeline_timeout must be a duration such as 5s or 1m30s."
  }
}

variable "extra_headers" {
  description = "`EXTRA_HEADERS`: headers of each push, as `name1,value1,name2,value2`, or as a JSON object if a value has a comma; they go to no other host, and a value may be an ARN. The role is allowed to read what an ARN names. The state file and the function's configuration show other values."
  type        = string
  default     = ""
  sensitive   = true
}

variable "tls_ca_cert" {
  description = "`TLS_CA_CERT`: root certificates that verify Loki's certificate, in place of the system's: PEM text, its base64, or the path of a file. The file may come from one of `layers`. All environment variables together may take 4 KB."
  type        = string
  default     = ""
}

variable "tls_client_cert" {
  description = "`TLS_CLIENT_CERT`: client certificate for mutual TLS, together with `TLS_CLIENT_KEY`: PEM text, its base64, or the path of a file. The file may come from one of `layers`."
  type        = string
  default     = ""
}

variable "tls_client_key" {
  description = "`TLS_CLIENT_KEY`: private key for mutual TLS, together with `TLS_CLIENT_CERT`: PEM text, its base64, or the path of a file. The file may come from one of `layers`."
  type        = string
  default     = ""
  sensitive   = true
}

variable "https_proxy" {
  description = "`HTTPS_PROXY`: proxy for an `https` push URL; `https_proxy` is read too."
  type        = string
  default     = ""
  sensitive   = true
}

variable "http_proxy" {
  description = "`HTTP_PROXY`: proxy for an `http` push URL; `http_proxy` is read too."
  type        = string
  default     = ""
  sensitive   = true
}

variable "no_proxy" {
  description = "`NO_PROXY`: comma-separated hosts, domains and networks that are reached without the proxy; `no_proxy` is read too."
  type        = string
  default     = ""
}

variable "log_level" {
  description = "`LOG_LEVEL`: level of the function's own log: `debug`, `info`, `warn` or `error`."
  type        = string
  default     = ""
}

variable "metrics" {
  description = "`METRICS`: metrics of each invocation: `none`, or `emf` for a document in CloudWatch's Embedded Metric Format in the function's log."
  type        = string
  default     = ""

  validation {
    condition     = contains(["", "none", "emf"], lower(var.metrics))
    error_message = "metrics must be none or emf."
  }
}

variable "metrics_namespace" {
  description = "`METRICS_NAMESPACE`: CloudWatch's namespace for the metrics."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|[A-Za-z0-9._/#:-]([A-Za-z0-9._/#: -]{0,253}[A-Za-z0-9._/#:-])?)$", var.metrics_namespace))
    error_message = "metrics_namespace must be at most 255 letters, digits, spaces and characters of .-_/#:, without a space at an end."
  }
}

variable "push_encoding" {
  description = "`PUSH_ENCODING`: body format of the push API: `protobuf` or `json`."
  type        = string
  default     = ""

  validation {
    condition     = contains(["", "protobuf", "json"], lower(var.push_encoding))
    error_message = "push_encoding must be protobuf or json."
  }
}

variable "timeout" {
  description = "`TIMEOUT`: longest duration of one attempt at a push. An example is `5s`; the function's own timeout is `lambda_timeout`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|[uµμ]s|ms|[smh]))+)|-0)$", var.timeout))
    error_message = "timeout must be a duration such as 5s or 1m30s; the function's own timeout is lambda_timeout, in seconds."
  }
}

variable "min_backoff" {
  description = "`MIN_BACKOFF`: wait before the second attempt at a push; it doubles with each further attempt."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|[uµμ]s|ms|[smh]))+)|-0)$", var.min_backoff))
    error_message = "min_backoff must be a duration such as 5s or 1m30s."
  }
}

variable "max_backoff" {
  description = "`MAX_BACKOFF`: longest wait between two attempts."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|[uµμ]s|ms|[smh]))+)|-0)$", var.max_backoff))
    error_message = "max_backoff must be a duration such as 5s or 1m30s."
  }
}

variable "max_retries" {
  description = "`MAX_RETRIES`: most attempts at a push; `0`: as many as the function's timeout allows."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?[0-9]+)$", var.max_retries))
    error_message = "max_retries must be a number of attempts, or 0 for as many as the function's timeout allows."
  }
}

variable "deadline_margin" {
  description = "`DEADLINE_MARGIN`: time before the invocation's deadline at which the function stops and reports what was not delivered; at most a quarter of the time that the invocation has."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|[uµμ]s|ms|[smh]))+)|-0)$", var.deadline_margin))
    error_message = "deadline_margin must be a duration such as 5s or 1m30s."
  }
}

variable "push_concurrency" {
  description = "`PUSH_CONCURRENCY`: most pushes in flight; fewer while Loki responds with 429 or 503, or not within `TIMEOUT`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?0*[1-9][0-9]*)$", var.push_concurrency))
    error_message = "push_concurrency must be a number of pushes, 1 or more."
  }
}

variable "report_batch_item_failures" {
  description = "`REPORT_BATCH_ITEM_FAILURES`: SQS and Kinesis: report failed items with `batchItemFailures`. Set it only together with `ReportBatchItemFailures` in the event source mapping: without that AWS ignores the report and deletes the messages. This variable sets both in every event source mapping of the module; without a mapping it has no effect."
  type        = bool
  default     = true
}

variable "on_reject" {
  description = "`ON_REJECT`: handling of entries that Loki rejects as invalid (too old, too long, bad labels ...): `fail` their item after everything else is delivered, or `drop` them with a warning and a count; rejected credentials, wrong addresses and redirects always fail."
  type        = string
  default     = ""

  validation {
    condition     = contains(["", "fail", "drop"], lower(var.on_reject))
    error_message = "on_reject must be fail or drop."
  }
}

variable "s3_log_types" {
  description = "`S3_LOG_TYPES`: your own types of S3 objects, as a JSON array; they are tried before the types of AWS."
  type        = string
  default     = ""

  validation {
    condition     = var.s3_log_types == "" || can(regex("^\\s*\\[", var.s3_log_types)) && can(jsondecode(var.s3_log_types))
    error_message = "s3_log_types must be a JSON array."
  }
}

variable "unknown_s3_type" {
  description = "`UNKNOWN_S3_TYPE`: handling of an S3 object whose type is not known: `fail`, `skip`, or `text` (ship its lines; the first record can tell its format and the times)."
  type        = string
  default     = ""

  validation {
    condition     = contains(["", "fail", "skip", "text"], lower(var.unknown_s3_type))
    error_message = "unknown_s3_type must be fail, skip or text."
  }
}

variable "read_ahead" {
  description = "`READ_AHEAD`: most objects of an event that are requested ahead of the one being read; `0`: none."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|\\+?[0-9]+)$", var.read_ahead))
    error_message = "read_ahead must be a number of objects, or 0 for none."
  }
}

variable "continuation_queue_url" {
  description = "`CONTINUATION_QUEUE_URL`: URL of the SQS queue that the function reads, to which it sends the rest of an object that one invocation cannot ship. `true` sets the URL of the module's own queue, lets the function send to it, and allows the function's recursive loop; without `sqs_enabled` it has no effect."
  type        = bool
  default     = false
}

variable "alb_log_s3" {
  description = "`ALB_LOG_S3`: access-log mode: a part of the bucket or key that identifies load balancer logs; streams then have the labels `source` and `status_code`. `filter_prefix` must let the objects through."
  type        = string
  default     = ""
}

variable "cloudfront_log_s3" {
  description = "`CLOUDFRONT_LOG_S3`: access-log mode: a part of the bucket or key that identifies CloudFront logs. `filter_prefix` must let the objects through."
  type        = string
  default     = ""
}
# end of generated

variable "environment" {
  description = "Further environment variables; an entry overrides the variable of this module for the same setting."
  type        = map(string)
  default     = {}
}
