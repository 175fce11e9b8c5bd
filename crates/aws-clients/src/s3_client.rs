//! The S3 client of one region.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryPartition;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{Builder, Region, StalledStreamProtectionConfig};

use crate::{S3ClientSettings, endpoint};

/// Returns a client for the region, or for the SDK's default region.
pub(crate) fn client(shared: &SdkConfig, region: Option<&str>, settings: &S3ClientSettings) -> Client {
    let mut config = Builder::from(shared)
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(settings.connect_timeout)
                .read_timeout(settings.read_timeout)
                .build(),
        )
        // `Download` limits each read itself. The SDK's protection measures bytes per second, and would blame
        // S3 when nothing is read because Loki is slow.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        // A partition of its own: the SDK keeps the ones that it makes by region in a static map forever.
        .retry_partition(RetryPartition::custom("s3").build())
        .force_path_style(has_own_endpoint(shared));
    if let Some(region) = region {
        config = config.region(Region::new(region.to_owned()));
    }
    Client::from_conf(config.build())
}

/// Returns whether requests go to a configured endpoint.
///
/// The bucket then belongs in the path: `bucket.` in front of a local server's name would not resolve, and
/// AWS's own interface endpoints accept both. At AWS's public endpoints the SDK puts the bucket into the host
/// name, except for buckets with dots, which their certificates do not cover.
fn has_own_endpoint(shared: &SdkConfig) -> bool {
    endpoint::own(shared, "S3").is_some()
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};

    #[tokio::test]
    async fn buckets_with_dots_are_in_the_path() {
        for (bucket, url) in [
            ("logs", "https://logs.s3.eu-west-1.amazonaws.com"),
            (
                "logs.example.com",
                "https://s3.eu-west-1.amazonaws.com/logs.example.com",
            ),
        ] {
            let params = Params::builder().bucket(bucket).region("eu-west-1").build();
            let endpoint = DefaultResolver::new().resolve_endpoint(&params.unwrap()).await;
            assert_eq!(endpoint.unwrap().url(), url);
        }
    }
}
