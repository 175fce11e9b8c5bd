//! The endpoints of services.

use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// Returns the endpoint that is configured for the service: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`,
/// or the same settings in a profile. `service_id` is the SDK's name of the service.
pub(crate) fn own(shared: &SdkConfig, service_id: &str) -> Option<String> {
    // The SDK's own clients look the setting up in the same way, each in its `config::Builder::from`.
    let key = ServiceConfigKey::builder()
        .service_id(service_id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok();
    let for_service = shared
        .service_config()
        .zip(key)
        .and_then(|(config, key)| config.load_config(key));
    for_service.or_else(|| shared.endpoint_url().map(str::to_owned))
}

/// A partition of AWS, with its own regions and accounts, and the domains of its services.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// The name of the partition in ARNs.
    pub(crate) id: &'static str,
    suffix: &'static str,
    /// The domain of endpoints that also have IPv6 addresses.
    dual_stack_suffix: &'static str,
}

/// The partitions, from the SDK's `partitions.json`, which the SDK does not export.
static PARTITIONS: [Partition; 8] = [
    partition("aws", "amazonaws.com", "api.aws"),
    partition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    partition("aws-us-gov", "amazonaws.com", "api.aws"),
    partition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
    partition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
    partition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
    partition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    partition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
];

const fn partition(id: &'static str, suffix: &'static str, dual_stack_suffix: &'static str) -> Partition {
    Partition {
        id,
        suffix,
        dual_stack_suffix,
    }
}

impl Partition {
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        PARTITIONS.iter().find(|partition| partition.id == id)
    }
}

/// The differences between the two services' endpoint rules.
#[derive(Debug)]
pub(crate) struct ServiceHost {
    pub(crate) name: &'static str,
    /// Whether the service has dual-stack endpoints; otherwise the standard ones are used.
    pub(crate) dual_stack: bool,
    /// Whether the standard endpoints in GovCloud are the FIPS ones.
    pub(crate) gov_is_fips: bool,
}

impl ServiceHost {
    /// Returns AWS's public endpoint, by the services' endpoint rules.
    pub(crate) fn url(&self, partition: &Partition, region: &str, fips: bool, dual_stack: bool) -> String {
        let dual_stack = dual_stack && self.dual_stack;
        let suffix = if dual_stack {
            partition.dual_stack_suffix
        } else {
            partition.suffix
        };
        let is_fips = self.gov_is_fips && partition.id == "aws-us-gov" && !dual_stack;
        let fips = if fips && !is_fips { "-fips" } else { "" };
        format!("https://{}{fips}.{region}.{suffix}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;
    use aws_types::service_config::LoadServiceConfig;

    use super::*;
    use crate::secrets::{SECRETS_MANAGER, SSM};

    #[derive(Debug)]
    struct ForService(&'static str);

    impl LoadServiceConfig for ForService {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            let asked = key.service_id() == self.0 && key.env() == "AWS_ENDPOINT_URL";
            asked.then(|| "http://service".to_owned())
        }
    }

    #[test]
    fn an_endpoint_of_ones_own_is_taken() {
        let config = || SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12());
        for service in ["S3", "Secrets Manager", "SSM"] {
            assert_eq!(own(&config().build(), service), None);
            let for_all = || config().endpoint_url("http://all");
            assert_eq!(own(&for_all().build(), service).unwrap(), "http://all");
            let for_this = for_all().service_config(ForService(service)).build();
            assert_eq!(own(&for_this, service).unwrap(), "http://service");
            let for_another = for_all().service_config(ForService("STS")).build();
            assert_eq!(own(&for_another, service).unwrap(), "http://all");
        }
    }

    /// The URLs are those in the SDK's endpoint tests of the two services.
    #[test]
    fn public_endpoints() {
        let (secrets_manager, ssm) = (&SECRETS_MANAGER.host, &SSM.host);
        for (host, partition, region, fips, dual_stack, url) in [
            (
                secrets_manager,
                "aws",
                "eu-west-1",
                false,
                false,
                "https://secretsmanager.eu-west-1.amazonaws.com",
            ),
            (
                secrets_manager,
                "aws",
                "us-east-1",
                true,
                false,
                "https://secretsmanager-fips.us-east-1.amazonaws.com",
            ),
            (
                secrets_manager,
                "aws",
                "us-east-1",
                false,
                true,
                "https://secretsmanager.us-east-1.amazonaws.com",
            ),
            (
                secrets_manager,
                "aws",
                "us-east-1",
                true,
                true,
                "https://secretsmanager-fips.us-east-1.amazonaws.com",
            ),
            (
                secrets_manager,
                "aws-cn",
                "cn-north-1",
                false,
                false,
                "https://secretsmanager.cn-north-1.amazonaws.com.cn",
            ),
            (
                secrets_manager,
                "aws-us-gov",
                "us-gov-west-1",
                true,
                false,
                "https://secretsmanager-fips.us-gov-west-1.amazonaws.com",
            ),
            (
                secrets_manager,
                "aws-iso",
                "us-iso-east-1",
                false,
                false,
                "https://secretsmanager.us-iso-east-1.c2s.ic.gov",
            ),
            (
                ssm,
                "aws",
                "eu-west-1",
                false,
                false,
                "https://ssm.eu-west-1.amazonaws.com",
            ),
            (
                ssm,
                "aws",
                "us-east-1",
                true,
                false,
                "https://ssm-fips.us-east-1.amazonaws.com",
            ),
            (
                ssm,
                "aws",
                "us-east-1",
                false,
                true,
                "https://ssm.us-east-1.api.aws",
            ),
            (
                ssm,
                "aws",
                "us-east-1",
                true,
                true,
                "https://ssm-fips.us-east-1.api.aws",
            ),
            (
                ssm,
                "aws-cn",
                "cn-north-1",
                false,
                true,
                "https://ssm.cn-north-1.api.amazonwebservices.com.cn",
            ),
            (
                ssm,
                "aws-us-gov",
                "us-gov-east-1",
                true,
                false,
                "https://ssm.us-gov-east-1.amazonaws.com",
            ),
            (
                ssm,
                "aws-us-gov",
                "us-gov-east-1",
                true,
                true,
                "https://ssm-fips.us-gov-east-1.api.aws",
            ),
            (
                ssm,
                "aws-iso-b",
                "us-isob-east-1",
                true,
                false,
                "https://ssm-fips.us-isob-east-1.sc2s.sgov.gov",
            ),
        ] {
            let partition = Partition::find(partition).unwrap();
            assert_eq!(host.url(partition, region, fips, dual_stack), url);
        }
    }
}
