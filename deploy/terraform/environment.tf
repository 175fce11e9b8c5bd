locals {
  # Each is the value itself, or the ARN of the secret or parameter that holds it.
  username     = try(coalesce(var.username_secret_arn, var.username_parameter_arn, var.username), "")
  password     = try(coalesce(var.password_secret_arn, var.password_parameter_arn, var.password), "")
  bearer_token = try(coalesce(var.bearer_token_secret_arn, var.bearer_token_parameter_arn, var.bearer_token), "")

  redrives     = var.on_failure_redrive_enabled && var.on_failure_queue_enabled
  has_queue    = var.sqs_enabled || var.eventbridge_sqs_enabled || local.redrives
  has_mappings = local.has_queue || length(var.kinesis_stream_name) > 0 || length(var.kinesis_stream_arns) > 0
  # Set only together with ReportBatchItemFailures in the mapping: without that AWS ignores the report and deletes the failed messages.
  report_batch_item_failures = local.has_mappings && var.report_batch_item_failures
  function_response_types    = local.report_batch_item_failures ? ["ReportBatchItemFailures"] : []

  settings = {
    # generated: settings
    WRITE_ADDRESS              = var.write_address
    TENANT_ID                  = var.tenant_id
    EXTRA_LABELS               = var.extra_labels
    OMIT_EXTRA_LABELS_PREFIX   = tostring(var.omit_extra_labels_prefix)
    DROP_LABELS                = var.drop_labels
    KEEP_STREAM                = var.keep_stream
    STRUCTURED_METADATA        = var.structured_metadata
    LOG_GROUP_TAGS             = var.log_group_tags
    RELABEL_CONFIGS            = var.relabel_configs
    LOKI_STAGE_CONFIGS         = var.loki_stage_configs
    MAX_LINE_SIZE              = var.max_line_size
    PIPELINE_TIMEOUT           = var.pipeline_timeout
    BATCH_SIZE                 = var.batch_size
    SKIP_TLS_VERIFY            = var.skip_tls_verify
    TLS_CA_CERT                = var.tls_ca_cert
    TLS_CLIENT_CERT            = var.tls_client_cert
    NO_PROXY                   = var.no_proxy
    PRINT_LOG_LINE             = var.print_log_line
    LOG_LEVEL                  = var.log_level
    METRICS                    = var.metrics
    METRICS_NAMESPACE          = var.metrics_namespace
    PUSH_ENCODING              = var.push_encoding
    TIMEOUT                    = var.timeout
    MIN_BACKOFF                = var.min_backoff
    MAX_BACKOFF                = var.max_backoff
    MAX_RETRIES                = var.max_retries
    DEADLINE_MARGIN            = var.deadline_margin
    PUSH_CONCURRENCY           = var.push_concurrency
    REPORT_BATCH_ITEM_FAILURES = local.report_batch_item_failures ? "true" : ""
    ON_REJECT                  = var.on_reject
    S3_LOG_TYPES               = var.s3_log_types
    UNKNOWN_S3_TYPE            = var.unknown_s3_type
    READ_AHEAD                 = var.read_ahead
    CONTINUATION_QUEUE_URL     = local.continues_objects ? one(aws_sqs_queue.main[*].url) : ""
    ALB_LOG_S3                 = var.alb_log_s3
    CLOUDFRONT_LOG_S3          = var.cloudfront_log_s3
    # end of generated
  }

  # In a separate local: otherwise a plan would hide the other variables, too.
  secret_settings = merge(
    # generated: secrets
    nonsensitive(var.redact_key == "") ? {} : { REDACT_KEY = var.redact_key },
    nonsensitive(local.username == "") ? {} : { USERNAME = local.username },
    nonsensitive(local.password == "") ? {} : { PASSWORD = local.password },
    nonsensitive(local.bearer_token == "") ? {} : { BEARER_TOKEN = local.bearer_token },
    nonsensitive(var.extra_headers == "") ? {} : { EXTRA_HEADERS = var.extra_headers },
    nonsensitive(var.tls_client_key == "") ? {} : { TLS_CLIENT_KEY = var.tls_client_key },
    nonsensitive(var.https_proxy == "") ? {} : { HTTPS_PROXY = var.https_proxy },
    nonsensitive(var.http_proxy == "") ? {} : { HTTP_PROXY = var.http_proxy },
    # end of generated
  )

  environment = merge(
    { for name, value in local.settings : name => value if value != "" },
    local.secret_settings,
    var.environment,
  )
}
