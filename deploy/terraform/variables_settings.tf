# The function's settings that upstream's module has no variable for, each under the setting's own name.
# An empty one is not set: the function's default holds.

variable "loki_stage_configs" {
  description = "`LOKI_STAGE_CONFIGS`, JSON text."
  type        = string
  default     = ""
}

variable "pipeline_timeout" {
  description = "`PIPELINE_TIMEOUT`."
  type        = string
  default     = ""
}

variable "tls_ca_cert" {
  description = "`TLS_CA_CERT`: PEM text, or the path of a file that one of `layers` brings. All variables together may take 4 KB."
  type        = string
  default     = ""
}

variable "tls_client_cert" {
  description = "`TLS_CLIENT_CERT`: PEM text, or a path."
  type        = string
  default     = ""
}

variable "tls_client_key" {
  description = "`TLS_CLIENT_KEY`: PEM text, or a path."
  type        = string
  default     = ""
  sensitive   = true
}

variable "https_proxy" {
  description = "`HTTPS_PROXY`."
  type        = string
  default     = ""
  sensitive   = true
}

variable "http_proxy" {
  description = "`HTTP_PROXY`."
  type        = string
  default     = ""
  sensitive   = true
}

variable "no_proxy" {
  description = "`NO_PROXY`."
  type        = string
  default     = ""
}

variable "log_level" {
  description = "`LOG_LEVEL`."
  type        = string
  default     = ""
}

variable "push_encoding" {
  description = "`PUSH_ENCODING`."
  type        = string
  default     = ""
}

variable "timeout" {
  description = "`TIMEOUT` of one HTTP attempt, such as `5s`. The function's own is `lambda_timeout`."
  type        = string
  default     = ""

  validation {
    condition     = !can(tonumber(var.timeout))
    error_message = "timeout is the function's setting TIMEOUT, a duration such as 5s; the function's own timeout is lambda_timeout, in seconds."
  }
}

variable "min_backoff" {
  description = "`MIN_BACKOFF`."
  type        = string
  default     = ""
}

variable "max_backoff" {
  description = "`MAX_BACKOFF`."
  type        = string
  default     = ""
}

variable "max_retries" {
  description = "`MAX_RETRIES`."
  type        = string
  default     = ""
}

variable "deadline_margin" {
  description = "`DEADLINE_MARGIN`."
  type        = string
  default     = ""
}

variable "push_concurrency" {
  description = "`PUSH_CONCURRENCY`."
  type        = string
  default     = ""
}

variable "report_batch_item_failures" {
  description = "`REPORT_BATCH_ITEM_FAILURES`, and `ReportBatchItemFailures` in every event source mapping of the module: both or neither. Without a mapping, neither is set."
  type        = bool
  default     = true
}

variable "on_reject" {
  description = "`ON_REJECT`."
  type        = string
  default     = ""
}

variable "unknown_s3_type" {
  description = "`UNKNOWN_S3_TYPE`."
  type        = string
  default     = ""
}

variable "alb_log_s3" {
  description = "`ALB_LOG_S3`: access-log mode. `filter_prefix` must let the objects through."
  type        = string
  default     = ""
}

variable "cloudfront_log_s3" {
  description = "`CLOUDFRONT_LOG_S3`: access-log mode."
  type        = string
  default     = ""
}

variable "environment" {
  description = "Further environment variables; one that has a variable of its own here overrides it."
  type        = map(string)
  default     = {}
}
