//! The configuration that Loki is started with.

use std::net::SocketAddr;
use std::path::Path;

/// The limits of a Loki.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limits {
    /// All of Loki's defaults, without tenants: among others, lines older than a week are refused.
    Default,
    /// No limits, except for Loki's default rates: 4 MiB a second for a tenant and 3 MiB a second for a stream.
    DefaultRates,
    /// No limits.
    Unlimited,
}

const OLD_ENTRIES: &str = "
  reject_old_samples: false
  allow_structured_metadata: true
  discover_service_name: []
  discover_log_levels: false
  max_global_streams_per_user: 0
  max_entries_limit_per_query: 1000000";

const UNLIMITED: &str = "
  ingestion_rate_mb: 1024
  ingestion_burst_size_mb: 1024
  per_stream_rate_limit: 1GB
  per_stream_rate_limit_burst: 1GB";

/// Returns a configuration with all files below `directory` and all addresses on the loopback.
pub(super) fn yaml(directory: &Path, http: SocketAddr, grpc: SocketAddr, limits: Limits) -> String {
    let directory = directory.display();
    let tenants = limits != Limits::Default;
    let [entries, rates] = match limits {
        Limits::Default => ["", ""],
        Limits::DefaultRates => [OLD_ENTRIES, ""],
        Limits::Unlimited => [OLD_ENTRIES, UNLIMITED],
    };
    format!(
        r#"
auth_enabled: {tenants}

server:
  http_listen_address: {http_host}
  http_listen_port: {http_port}
  grpc_listen_address: {grpc_host}
  grpc_listen_port: {grpc_port}
  log_level: warn

# Nothing leaves this machine.
analytics:
  reporting_enabled: false
memberlist:
  bind_addr: [127.0.0.1]

common:
  instance_addr: 127.0.0.1
  path_prefix: "{directory}"
  replication_factor: 1
  storage:
    filesystem:
      chunks_directory: "{directory}/chunks"
      rules_directory: "{directory}/rules"
  ring:
    instance_addr: 127.0.0.1
    kvstore:
      store: inmemory

# Queries that start before this find nothing, without an error.
schema_config:
  configs:
    - from: 2020-01-01
      store: tsdb
      object_store: filesystem
      schema: v13
      index:
        prefix: index_
        period: 24h

ingester:
  # A ring of one has nobody to wait for.
  lifecycler:
    join_after: 0s
    observe_period: 0s
    min_ready_duration: 0s
    final_sleep: 0s
  # What was pushed must be found at once, however old it is. With a store of files the ingesters are only
  # asked for the last hours, unless this is negative: then they are asked for everything.
  query_store_max_look_back_period: -1ns
pattern_ingester:
  enabled: false

querier:
  query_ingesters_within: 0s
query_range:
  cache_results: false
  parallelise_shardable_queries: false
# Without a scheduler between them: finding it takes ten seconds, and the first queries wait for it.
query_scheduler:
  use_scheduler_ring: false
frontend_worker:
  frontend_address: {grpc_host}:{grpc_port}

limits_config:{entries}{rates}
  max_query_length: 0s
  split_queries_by_interval: 0s
"#,
        http_host = http.ip(),
        http_port = http.port(),
        grpc_host = grpc.ip(),
        grpc_port = grpc.port(),
    )
}
