//! One client per region.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{Builder, Region, StalledStreamProtectionConfig};
use aws_types::service_config::ServiceConfigKey;

use crate::S3Settings;

/// A client for the region, or for the SDK's default one.
pub(crate) fn client(shared: &SdkConfig, region: Option<&str>, settings: &S3Settings) -> Client {
    let mut config = Builder::from(shared)
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(settings.connect_timeout)
                .read_timeout(settings.read_timeout)
                .build(),
        )
        // `Download` limits each read itself. The SDK's measure is bytes per second, and counts against
        // S3 that nobody reads while Loki is slow.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .force_path_style(has_own_endpoint(shared));
    if let Some(region) = region {
        config = config.region(Region::new(region.to_owned()));
    }
    Client::from_conf(config.build())
}

/// Whether requests go to an endpoint that somebody set: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, or the
/// same in a profile.
///
/// The bucket then belongs into the path: a local server's name has no `bucket.` in front of it that
/// would resolve, and AWS's own interface endpoints take both. At AWS's public endpoints the SDK puts the
/// bucket into the host name, but for buckets with dots, which their certificates do not cover.
fn has_own_endpoint(shared: &SdkConfig) -> bool {
    shared.endpoint_url().is_some()
        || shared.service_config().is_some_and(|config| {
            // As `aws_sdk_s3::config::Builder::from` asks.
            ServiceConfigKey::builder()
                .service_id("S3")
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url")
                .build()
                .is_ok_and(|key| config.load_config(key).is_some())
        })
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;
    use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    use aws_types::service_config::LoadServiceConfig;

    use super::*;

    #[derive(Debug)]
    struct ForS3(&'static str);

    impl LoadServiceConfig for ForS3 {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            (key.service_id() == "S3" && key.env() == "AWS_ENDPOINT_URL").then(|| self.0.to_owned())
        }
    }

    #[test]
    fn an_endpoint_of_ones_own_is_seen() {
        let config = || SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12());
        assert!(!has_own_endpoint(&config().build()));
        assert!(has_own_endpoint(&config().endpoint_url("http://x").build()));
        let for_s3 = config().service_config(ForS3("http://x")).build();
        assert!(has_own_endpoint(&for_s3));
    }

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
