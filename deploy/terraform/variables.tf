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

  validation {
    condition     = var.lambda_memory_size >= 128 && var.lambda_memory_size <= 10240 && floor(var.lambda_memory_size) == var.lambda_memory_size
    error_message = "lambda_memory_size must be from 128 to 10240 MB."
  }
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

  validation {
    condition     = var.reserved_concurrent_executions >= -1
    error_message = "reserved_concurrent_executions must be -1 for no reserve, or a number of invocations."
  }
}

variable "layers" {
  description = "ARNs of layers; their files are under `/opt`, certificates for example."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.layers) <= 5 && alltrue([for arn in var.layers : can(regex("^arn:[^:]+:lambda:[^:]+:[^:]+:layer:[^:]+:[0-9]+$", arn))])
    error_message = "layers must be at most five ARNs of versions of layers."
  }
}

variable "existing_log_group_name" {
  description = "Existing log group for the function's own log, in place of one that the module makes. `log_retention_in_days` and `log_kms_key_arn` then have no effect."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[.A-Za-z0-9_/#-]{0,512}$", var.existing_log_group_name))
    error_message = "existing_log_group_name must be the name of a log group."
  }
}

variable "log_retention_in_days" {
  description = "Retention of the function's own log, in days."
  type        = number
  default     = 14

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days must be a retention that CloudWatch Logs has: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days, or 0 for ever."
  }
}

variable "log_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the function's own log."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:kms:.+)$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn must be an ARN that begins with arn:aws:kms:."
  }
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

variable "role_name" {
  description = "Name of the role; by default that of the function. A change replaces the role. For a function from before upstream's renaming of 2023, `iam_for_lambda` keeps its role."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{0,64}$", var.role_name))
    error_message = "role_name must be at most 64 letters, digits and characters of +=,.@_-."
  }
}

variable "role_path" {
  description = "Path of the role in IAM, such as `/logs/`, between slashes. A change replaces the role."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([!-~]+/)?$", var.role_path))
    error_message = "role_path must begin and end with a slash."
  }
}

variable "existing_role_arn" {
  description = "ARN of an existing role that the function gets in place of one of the module. It needs the permissions in the output `policy`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:iam::[0-9]*:role/.+)$", var.existing_role_arn))
    error_message = "existing_role_arn must be the ARN of a role."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that is the role's permissions boundary."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:iam:.+)$", var.permissions_boundary))
    error_message = "permissions_boundary must be an ARN that begins with arn:aws:iam:."
  }
}

variable "kms_decrypt_key_arns" {
  description = "ARNs of the KMS keys that encrypt what the function reads: objects, secrets, parameters, streams."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.kms_decrypt_key_arns : can(regex("^arn:[^:]+:kms:.+$", arn))])
    error_message = "kms_decrypt_key_arns must be ARNs that begin with arn:aws:kms:, because a policy takes no alias."
  }
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

  validation {
    condition     = var.maximum_retry_attempts >= 0 && var.maximum_retry_attempts <= 2 && floor(var.maximum_retry_attempts) == var.maximum_retry_attempts
    error_message = "maximum_retry_attempts must be a whole number from 0 to 2."
  }
}

variable "maximum_event_age_in_seconds" {
  description = "How long Lambda keeps an asynchronous event that could not be delivered."
  type        = number
  default     = 21600

  validation {
    condition     = var.maximum_event_age_in_seconds >= 60 && var.maximum_event_age_in_seconds <= 21600 && floor(var.maximum_event_age_in_seconds) == var.maximum_event_age_in_seconds
    error_message = "maximum_event_age_in_seconds must be a whole number from 60 to 21600."
  }
}

variable "on_failure_queue_enabled" {
  description = "Create a queue for the events that failed for good, unless `on_failure_destination_arn` names a place."
  type        = bool
  default     = true
}

variable "on_failure_redrive_enabled" {
  description = "Let the function read the queue of events that failed for good, to ship them after an outage of Loki. Disable it again when the queue is empty."
  type        = bool
  default     = false
}

variable "on_failure_destination_arn" {
  description = "Queue or topic for the events that failed for good, in place of the module's own queue."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|arn:[^:]+:(sqs|sns):.+)$", var.on_failure_destination_arn))
    error_message = "on_failure_destination_arn must be the ARN of an SQS queue or SNS topic."
  }
}

variable "subscription_filter_pattern" {
  description = "Filter pattern of the subscriptions; an empty one lets everything through."
  type        = string
  default     = ""

  validation {
    condition     = length(var.subscription_filter_pattern) <= 1024
    error_message = "subscription_filter_pattern must be at most 1024 characters long."
  }
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

variable "bucket_filters" {
  description = "Prefix, suffix or both for those of `bucket_names` that need others than `filter_prefix` and `filter_suffix`; an empty one lets every key through."
  type        = map(object({ prefix = optional(string), suffix = optional(string) }))
  default     = {}
}

variable "eventbridge_bucket_names" {
  description = "Buckets whose new objects are shipped through EventBridge; they must send their events there."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.eventbridge_bucket_names : can(regex("^[A-Za-z0-9._-]{3,255}$", name))])
    error_message = "eventbridge_bucket_names must be names of buckets."
  }
}

variable "eventbridge_key_prefix" {
  description = "Prefix of keys: only objects of `eventbridge_bucket_names` whose keys begin with it are shipped, and the role can read no others."
  type        = string
  default     = ""
}

variable "eventbridge_bucket_filters" {
  description = "Prefix, suffix or both for those of `eventbridge_bucket_names` that need others than `eventbridge_key_prefix`."
  type        = map(object({ prefix = optional(string), suffix = optional(string) }))
  default     = {}
}

variable "eventbridge_sqs_enabled" {
  description = "Send the events to an SQS queue with a dead-letter queue, which the function reads, instead of invoking the function. It reports failures event by event."
  type        = bool
  default     = false
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

  validation {
    condition     = alltrue([for pattern in values(var.eventbridge_event_patterns) : can(keys(jsondecode(pattern)))])
    error_message = "eventbridge_event_patterns must be JSON objects by a name, such as { health = jsonencode({ source = [\"aws.health\"] }) }."
  }
}

variable "sqs_batch_size" {
  description = "Most messages in one invocation."
  type        = number
  default     = 10

  validation {
    condition     = var.sqs_batch_size >= 1 && var.sqs_batch_size <= 10000 && floor(var.sqs_batch_size) == var.sqs_batch_size
    error_message = "sqs_batch_size must be a whole number from 1 to 10000."
  }
}

variable "sqs_max_receive_count" {
  description = "How often a message is tried before it moves to the dead-letter queue."
  type        = number
  default     = 5

  validation {
    condition     = var.sqs_max_receive_count >= 1 && var.sqs_max_receive_count <= 1000 && floor(var.sqs_max_receive_count) == var.sqs_max_receive_count
    error_message = "sqs_max_receive_count must be a whole number from 1 to 1000."
  }
}

variable "sqs_maximum_concurrency" {
  description = "Most invocations for each queue at once, 2 or more; if it is not set, only the function's limit applies. It limits the load on Loki without a reserve: `reserved_concurrent_executions` makes Lambda reject batches that it has received, and such a message can reach the dead-letter queue unread."
  type        = number
  default     = null

  validation {
    condition     = var.sqs_maximum_concurrency == null || try(var.sqs_maximum_concurrency >= 2 && var.sqs_maximum_concurrency <= 1000, false)
    error_message = "sqs_maximum_concurrency must be from 2 to 1000, or null."
  }
}

variable "kinesis_stream_arns" {
  description = "ARNs of existing streams to read, by a name of your choice."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.kinesis_stream_arns) : can(regex("^arn:[^:]+:kinesis:[^:]+:[^:]+:stream/.+$", arn))])
    error_message = "kinesis_stream_arns must be ARNs of streams, by a name."
  }
}

variable "kinesis_kms_key_id" {
  description = "KMS key that encrypts the streams which the module creates: ARN of a key, or `alias/aws/kinesis` for the key of AWS. Without it they are not encrypted, as in upstream's module."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(|alias/.+|arn:[^:]+:kms:.+)$", var.kinesis_kms_key_id))
    error_message = "kinesis_kms_key_id must be the ARN of a key, or an alias such as alias/aws/kinesis."
  }
}

variable "kinesis_batch_size" {
  description = "Most records in one invocation."
  type        = number
  default     = 100

  validation {
    condition     = var.kinesis_batch_size >= 1 && var.kinesis_batch_size <= 10000 && floor(var.kinesis_batch_size) == var.kinesis_batch_size
    error_message = "kinesis_batch_size must be a whole number from 1 to 10000."
  }
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

  validation {
    condition     = var.kinesis_maximum_retry_attempts >= -1 && var.kinesis_maximum_retry_attempts <= 10000 && floor(var.kinesis_maximum_retry_attempts) == var.kinesis_maximum_retry_attempts
    error_message = "kinesis_maximum_retry_attempts must be from 0 to 10000, or -1 for as long as the records exist."
  }
}

variable "kinesis_parallelization_factor" {
  description = "Most invocations for one shard at once."
  type        = number
  default     = 1

  validation {
    condition     = var.kinesis_parallelization_factor >= 1 && var.kinesis_parallelization_factor <= 10 && floor(var.kinesis_parallelization_factor) == var.kinesis_parallelization_factor
    error_message = "kinesis_parallelization_factor must be a whole number from 1 to 10."
  }
}

variable "monitoring_enabled" {
  description = "Create alarms for everything that may lose or delay lines, a composite alarm over them to page on, and a CloudWatch dashboard."
  type        = bool
  default     = false
}

variable "alarm_action_arns" {
  description = "What the composite alarm notifies when it goes off and when it is over: ARNs of SNS topics, for example."
  type        = set(string)
  default     = []

  validation {
    condition     = length(var.alarm_action_arns) <= 5 && alltrue([for arn in var.alarm_action_arns : can(regex("^arn:[^:]+:[^:]+:.+$", arn))])
    error_message = "alarm_action_arns must be at most five ARNs."
  }
}

variable "alarm_maximum_age_in_seconds" {
  description = "Age of the oldest message in a queue, or of the records read from a stream, that sets off an alarm."
  type        = number
  default     = 900

  validation {
    condition     = var.alarm_maximum_age_in_seconds >= 60
    error_message = "alarm_maximum_age_in_seconds must be 60 or more."
  }
}
