# The function, its sources and its destinations.

variable "lambda_promtail_binary_path" {
  description = "The zip as a local file; by default the one that `deploy/package` makes in this clone."
  type        = string
  default     = ""
}

variable "lambda_promtail_binary_version" {
  description = "Version of the object in a versioned `lambda_promtail_binary_bucket`: a new one updates the function."
  type        = string
  default     = ""
}

variable "architecture" {
  description = "Architecture that the zip or image is built for: `x86_64` or `arm64`."
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "lambda_memory_size" {
  description = "Memory in MB. The CPU time that the function gets grows with it, which shortens cold starts and the work on large objects."
  type        = number
  default     = 128
}

variable "lambda_timeout" {
  description = "The function's timeout in seconds. The queue's visibility timeout is six times as long."
  type        = number
  default     = 60

  validation {
    condition     = var.lambda_timeout >= 1 && var.lambda_timeout <= 900
    error_message = "lambda_timeout must be from 1 to 900 seconds, which is Lambda's limit."
  }
}

variable "reserved_concurrent_executions" {
  description = "Reserved concurrency, the most invocations at once; -1: only the account's limit applies, 0: none."
  type        = number
  default     = -1
}

variable "layers" {
  description = "ARNs of layers; their files are under `/opt`, certificates for example."
  type        = list(string)
  default     = []
}

variable "log_retention_in_days" {
  description = "Retention of the function's own log, in days."
  type        = number
  default     = 14
}

variable "log_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the function's own log."
  type        = string
  default     = ""
}

variable "log_format" {
  description = "Format of the function's own log: `Text` or `JSON`."
  type        = string
  default     = "Text"

  validation {
    condition     = contains(["Text", "JSON"], var.log_format)
    error_message = "log_format must be Text or JSON."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that is the role's permissions boundary."
  type        = string
  default     = ""
}

variable "kms_decrypt_key_arns" {
  description = "ARNs of the KMS keys that encrypt what the function reads: objects, secrets, parameters, streams."
  type        = set(string)
  default     = []
}

variable "tags" {
  description = "Tags for all resources that support them."
  type        = map(string)
  default     = {}
}

variable "maximum_retry_attempts" {
  description = "How often Lambda repeats an asynchronous invocation that failed."
  type        = number
  default     = 2
}

variable "maximum_event_age_in_seconds" {
  description = "How long Lambda keeps an asynchronous event that could not be delivered."
  type        = number
  default     = 21600
}

variable "on_failure_queue_enabled" {
  description = "Create a queue for the events that failed for good, unless `on_failure_destination_arn` names a place."
  type        = bool
  default     = true
}

variable "on_failure_destination_arn" {
  description = "Queue or topic for the events that failed for good, in place of the module's own queue."
  type        = string
  default     = ""
}

variable "subscription_filter_pattern" {
  description = "Filter pattern of the subscriptions; an empty one lets everything through."
  type        = string
  default     = ""
}

variable "subscription_filter_patterns" {
  description = "Filter patterns by log group, for those of `log_group_names` that need another."
  type        = map(string)
  default     = {}
}

variable "account_subscription_enabled" {
  description = "Subscribe to every log group of the account in this region, now and in future, but for the function's own."
  type        = bool
  default     = false
}

variable "account_subscription_excluded_log_groups" {
  description = "Log groups that the account's subscription leaves out, besides the function's own: it must include the log groups of all software that handles the lines before Loki, and of Loki itself."
  type        = set(string)
  default     = []
}

variable "eventbridge_bucket_names" {
  description = "Buckets whose new objects are shipped through EventBridge; they must send their events there."
  type        = set(string)
  default     = []
}

variable "eventbridge_key_prefix" {
  description = "Prefix of keys: only objects of `eventbridge_bucket_names` whose keys begin with it are shipped, and the role can read no others."
  type        = string
  default     = ""
}

variable "eventbridge_notifications_enabled" {
  description = "Let `eventbridge_bucket_names` send their events to EventBridge. The module then owns their notification configuration and removes everything else in it."
  type        = bool
  default     = false
}

variable "eventbridge_event_patterns" {
  description = "Other events to ship, each as a line: patterns (JSON text) by a name of your choice."
  type        = map(string)
  default     = {}
}

variable "sqs_batch_size" {
  description = "Most messages in one invocation."
  type        = number
  default     = 10
}

variable "sqs_max_receive_count" {
  description = "How often a message is tried before it moves to the dead-letter queue."
  type        = number
  default     = 5
}

variable "sqs_maximum_concurrency" {
  description = "Most invocations for the queue at once, 2 or more; if it is not set, only the function's limit applies."
  type        = number
  default     = null
}

variable "kinesis_stream_arns" {
  description = "ARNs of existing streams to read, by a name of your choice."
  type        = map(string)
  default     = {}
}

variable "kinesis_batch_size" {
  description = "Most records in one invocation."
  type        = number
  default     = 100
}

variable "kinesis_starting_position" {
  description = "Where reading begins: `LATEST` or `TRIM_HORIZON`, which is the oldest record. A change replaces the mapping."
  type        = string
  default     = "LATEST"

  validation {
    condition     = contains(["LATEST", "TRIM_HORIZON"], var.kinesis_starting_position)
    error_message = "kinesis_starting_position must be LATEST or TRIM_HORIZON."
  }
}

variable "kinesis_maximum_retry_attempts" {
  description = "How often a failed batch is retried, in halves, before Lambda gives up its failed records and sends their position in the stream to the on-failure destination. With Loki down, an attempt takes as long as `lambda_timeout`."
  type        = number
  default     = 30
}

variable "kinesis_parallelization_factor" {
  description = "Most invocations for one shard at once."
  type        = number
  default     = 1
}
