//! The samples that there are.
//!
//! A sample is a template of an object or event as AWS writes it, in `samples/`: its times are places that
//! [`fill`](super::template::fill) fills in.

/// A sample of a source.
#[derive(Debug)]
pub(crate) struct Sample {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// What the sample is, for the help.
    pub(crate) about: &'static str,
    pub(crate) kind: Kind,
    /// The template of the text.
    pub(crate) template: &'static str,
}

/// The form of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An object in S3, with the template of its key.
    Object(&'static str),
    /// The data of a CloudWatch Logs subscription, which its event holds compressed.
    Subscription,
    /// An event of Lambda.
    Event,
}

/// Returns the sample in the file of that name in `samples/`.
macro_rules! sample {
    ($name:literal, $file:literal, $kind:expr, $about:literal) => {
        Sample {
            name: $name,
            about: $about,
            kind: $kind,
            template: include_str!(concat!("../../samples/", $file)),
        }
    };
}

/// All samples, in the order of the help.
#[rustfmt::skip]
pub(crate) static SAMPLES: [Sample; 16] = [
    sample!("cloudwatch", "cloudwatch.json", Kind::Subscription, "An event of a CloudWatch Logs subscription"),
    sample!("alb", "alb.log", ALB, "Access log of an Application Load Balancer"),
    sample!("nlb", "nlb.log", NLB, "Access log of a Network Load Balancer"),
    sample!("cloudfront", "cloudfront.log", CLOUDFRONT, "CloudFront standard log"),
    sample!("vpc", "vpc.log", VPC, "VPC flow log in the default format"),
    sample!("waf", "waf.log", WAF, "Web ACL log of AWS WAF"),
    sample!("cloudtrail", "cloudtrail.json", CLOUDTRAIL, "CloudTrail log"),
    sample!("s3-access", "s3-access.log", S3_ACCESS, "S3 server access log"),
    sample!("dns", "dns.log", DNS, "Query log of Route 53 Resolver"),
    sample!("guardduty", "guardduty.jsonl", GUARDDUTY, "Findings of GuardDuty"),
    sample!("network-firewall", "network-firewall.log", NETWORK_FIREWALL, "Alert log of Network Firewall"),
    sample!("kinesis", "kinesis.json", Kind::Event, "An event of a Kinesis stream"),
    sample!("kafka", "kafka.json", Kind::Event, "An event of a Kafka topic"),
    sample!("sqs", "sqs.json", Kind::Event, "An event of an SQS queue with a message of text"),
    sample!("sns", "sns.json", Kind::Event, "An event of an SNS topic with a message of text"),
    sample!("eventbridge", "eventbridge.json", Kind::Event, "An event of EventBridge"),
];

const ALB: Kind = Kind::Object(
    "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/@{%Y/%m/%d}/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_@{%Y%m%dT%H%MZ}_10.0.3.4_2et2e1mx.log.gz",
);
const NLB: Kind = Kind::Object(
    "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/@{%Y/%m/%d}/111122223333_elasticloadbalancing_eu-west-1_net.edge.0a1b2c3d4e5f6071_@{%Y%m%dT%H%MZ}_2et2e1mx.log.gz",
);
const CLOUDFRONT: Kind = Kind::Object("cdn/E2K2LNL5N3WR51.@{%Y-%m-%d-%H}.a10a8496.gz");
const VPC: Kind = Kind::Object(
    "AWSLogs/111122223333/vpcflowlogs/eu-west-1/@{%Y/%m/%d}/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d4e5f60718_@{%Y%m%dT%H%MZ}_2et2e1mx.log.gz",
);
const WAF: Kind = Kind::Object(
    "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/@{%Y/%m/%d/%H/%M}/111122223333_waflogs_eu-west-1_edge_@{%Y%m%dT%H%MZ}_e0ca43b5.log.gz",
);
const CLOUDTRAIL: Kind = Kind::Object(
    "AWSLogs/111122223333/CloudTrail/eu-west-1/@{%Y/%m/%d}/111122223333_CloudTrail_eu-west-1_@{%Y%m%dT%H%MZ}_4jhzXFO2Jlvu2b3y.json.gz",
);
const S3_ACCESS: Kind =
    Kind::Object("111122223333/eu-west-1/shop-assets/@{%Y/%m/%d}/@{%Y-%m-%d-%H-%M-%S}-E568B2907131C0C0");
const DNS: Kind = Kind::Object(
    "AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a1b2c3d/@{%Y/%m/%d}/vpc-0a1b2c3d_vpcdnsquerylogs_111122223333_@{%Y%m%dT%H%MZ}_0a1b2c3d.log.gz",
);
const GUARDDUTY: Kind = Kind::Object(
    "AWSLogs/111122223333/GuardDuty/eu-west-1/@{%Y/%m/%d}/07a3f2ce-1485-3031-b842-e1f324c4a48d.jsonl.gz",
);
const NETWORK_FIREWALL: Kind = Kind::Object(
    "AWSLogs/111122223333/network-firewall/alert/eu-west-1/edge/@{%Y/%m/%d/%H}/111122223333_network-firewall_alert_eu-west-1_edge_@{%Y%m%dT%H%MZ}_0a1b2c3d.log.gz",
);
