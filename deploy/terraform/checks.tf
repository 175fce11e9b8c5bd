# Warnings of a plan about values that the function does not take as they are.

# `cargo xtask generate` writes these, from the table of settings.

# generated: settings
check "settings" {
  assert {
    condition     = contains(["", "true", "false"], lower(var.keep_stream))
    error_message = "keep_stream should be true or false: the function takes any other text as false."
  }

  assert {
    condition     = contains(["", "true", "false"], lower(var.skip_tls_verify))
    error_message = "skip_tls_verify should be true or false: the function takes any other text as false."
  }

  assert {
    condition     = contains(["", "true", "false"], lower(var.print_log_line))
    error_message = "print_log_line should be true or false: the function takes any other text as false."
  }

  assert {
    condition     = contains(["", "debug", "info", "warn", "error"], lower(var.log_level))
    error_message = "log_level should be debug, info, warn or error: the function uses its default instead."
  }
}
# end of generated

check "reserve_and_queue" {
  assert {
    # Lambda begins to poll a queue with five batches at once.
    condition     = !local.has_queue || var.reserved_concurrent_executions < 0 || coalesce(var.sqs_maximum_concurrency, 1000) <= var.reserved_concurrent_executions
    error_message = "reserved_concurrent_executions is less than the number of batches that Lambda takes from a queue at once: messages of batches that find no free invocation can reach the dead-letter queue unread. Set sqs_maximum_concurrency to at most reserved_concurrent_executions, or remove the reserve."
  }
}
