//! The CloudFormation template's parameters for the settings, their groups and labels, and the function's environment.

use lambda_promtail::settings::{self, DefaultValue, Setting};

use crate::check::{self, Check};
use crate::deployment;

/// Returns the parameters of the settings that must be set, which come first in the console.
pub(crate) fn required_parameters() -> String {
    let required = settings::all().filter(|setting| setting.is_required);
    required.map(parameter).collect()
}

/// Returns the parameters of the other settings.
pub(crate) fn further_parameters() -> String {
    let further = settings::all().filter(|setting| !setting.is_required);
    further.map(parameter).collect()
}

/// Returns the function's environment variables.
pub(crate) fn environment() -> String {
    let variable = |setting: &Setting| match deployment::of(setting).cloudformation_value {
        Some((comment, value)) => format!("          # {comment}\n          {}: {value}\n", setting.name),
        None => format!("          {}: !Ref {}\n", setting.name, parameter_name(setting)),
    };
    settings::all().map(variable).collect()
}

fn parameter(setting: &Setting) -> String {
    let deployment = deployment::of(setting);
    let meaning = format!(
        "{}. {}",
        setting.name,
        capitalized(&setting.meaning.replace('`', ""))
    );
    let description = quoted(&deployment::sentences(&meaning, deployment.cloudformation_note));
    let default = match (deployment.cloudformation_default, setting.default()) {
        (Some(default), _) => default.to_owned(),
        (None, DefaultValue::Text(default)) if setting.is_boolean() => quoted(&default),
        // The variable is then empty, and the function's default applies.
        (None, _) => quoted(""),
    };
    let default = if setting.is_required {
        String::new()
    } else {
        format!("    Default: {default}\n")
    };
    let allowed = allowed(setting);
    let no_echo = if setting.is_secret() {
        "    NoEcho: true\n"
    } else {
        ""
    };
    format!(
        "  {}:\n    Description: {description}\n    Type: String\n{default}{allowed}{no_echo}",
        parameter_name(setting)
    )
}

/// Returns the lines that restrict a parameter to values with which the function starts.
fn allowed(setting: &Setting) -> String {
    match check::of(setting) {
        None if setting.is_boolean() => "    AllowedValues: ['true', 'false']\n".to_owned(),
        Some(Check::Words(words)) => format!("    AllowedValues: ['', {}]\n", words.join(", ")),
        Some(check @ Check::Pattern { pattern, .. }) => {
            let empty = if setting.is_required { "" } else { "|" };
            let pattern = quoted(&format!("^({empty}{pattern})$"));
            let expected = quoted(&format!("must be {}.", check.expected()));
            format!("    AllowedPattern: {pattern}\n    ConstraintDescription: {expected}\n")
        }
        Some(check @ Check::JsonArray { .. }) => {
            let expected = quoted(&format!("must be {}.", check.expected()));
            format!(
                "    AllowedPattern: '^(|\\s*\\[[\\s\\S]*\\]\\s*)$'\n    ConstraintDescription: {expected}\n"
            )
        }
        Some(check @ Check::Pairs) => {
            let expected = quoted(&format!("must be {}.", check.expected()));
            format!(
                "    AllowedPattern: '^(|[^,]*,[^,]*(,[^,]*,[^,]*)*)$'\n    ConstraintDescription: {expected}\n"
            )
        }
        None => String::new(),
    }
}

/// The settings in the first group of the console, which the template itself declares.
const FIRST: &[&str] = &[
    "WRITE_ADDRESS",
    "TENANT_ID",
    "USERNAME",
    "PASSWORD",
    "BEARER_TOKEN",
];

/// The groups of the other settings, in the order of the table, each with its first setting.
const GROUPS: &[(&str, &str)] = &[
    ("EXTRA_LABELS", "Labels, rules and stages"),
    ("SKIP_TLS_VERIFY", "TLS and proxies"),
    ("PRINT_LOG_LINE", "What the function logs"),
    ("PUSH_ENCODING", "Pushes"),
    ("REPORT_BATCH_ITEM_FAILURES", "Failures, and types of S3 objects"),
];

/// Labels that say more than the words of the setting's name.
const LABELS: &[(&str, &str)] = &[
    ("WRITE_ADDRESS", "Push URL"),
    ("USERNAME", "User name, or the ARN of its secret"),
    ("PASSWORD", "Password, or the ARN of its secret"),
    ("BEARER_TOKEN", "Bearer token, or the ARN of its secret"),
    (
        "OMIT_EXTRA_LABELS_PREFIX",
        "Extra labels without the prefix __extra_",
    ),
    ("DROP_LABELS", "Labels to remove"),
    ("KEEP_STREAM", "CloudWatch log stream as a label"),
    ("RELABEL_CONFIGS", "Relabelling rules"),
    ("LOKI_STAGE_CONFIGS", "Pipeline stages"),
    ("SKIP_TLS_VERIFY", "Accept any server certificate"),
    ("TLS_CA_CERT", "Root certificates"),
    ("TLS_CLIENT_CERT", "Client certificate"),
    ("TLS_CLIENT_KEY", "Key of the client certificate"),
    ("HTTPS_PROXY", "Proxy for https"),
    ("HTTP_PROXY", "Proxy for http"),
    ("NO_PROXY", "Hosts without proxy"),
    ("PRINT_LOG_LINE", "Also log every line"),
    ("TIMEOUT", "Longest attempt at a push"),
    ("MIN_BACKOFF", "Wait before the second attempt"),
    ("MAX_BACKOFF", "Longest wait between attempts"),
    ("MAX_RETRIES", "Most attempts at a push"),
    ("PUSH_CONCURRENCY", "Most pushes in flight"),
    (
        "REPORT_BATCH_ITEM_FAILURES",
        "Report failed items to SQS and Kinesis",
    ),
    ("ON_REJECT", "Entries that Loki rejects"),
    ("UNKNOWN_S3_TYPE", "S3 objects of an unknown type"),
    (
        "ALB_LOG_S3",
        "Access-log mode: part of the key of load balancer logs",
    ),
    (
        "CLOUDFRONT_LOG_S3",
        "Access-log mode: part of the key of CloudFront logs",
    ),
];

/// Returns the groups of the parameters of the settings that are not in the first group.
pub(crate) fn groups() -> String {
    let mut text = String::new();
    for setting in settings::all().filter(|setting| !FIRST.contains(&setting.name)) {
        if let Some((_, label)) = GROUPS.iter().find(|(first, _)| *first == setting.name) {
            text += &format!(
                "      - Label: {{default: {}}}\n        Parameters:\n",
                quoted(label)
            );
        }
        text += &format!("          - {}\n", parameter_name(setting));
    }
    text
}

/// Returns the labels of the parameters of the settings.
pub(crate) fn labels() -> String {
    let label = |setting: &Setting| {
        let own = LABELS.iter().find(|(name, _)| *name == setting.name);
        let label = own.map_or_else(
            || capitalized(&setting.name.split('_').map(word).collect::<Vec<_>>().join(" ")),
            |(_, label)| (*label).to_owned(),
        );
        format!(
            "      {}: {{default: {}}}\n",
            parameter_name(setting),
            quoted(&label)
        )
    };
    settings::all().map(label).collect()
}

/// Returns a word of a setting's name as it is written in a text.
fn word(part: &str) -> String {
    match part {
        "TLS" | "ID" | "S3" | "EMF" => part.to_owned(),
        part => part.to_ascii_lowercase(),
    }
}

fn parameter_name(setting: &Setting) -> String {
    if let Some(name) = deployment::of(setting).cloudformation_name {
        return name.to_owned();
    }
    let words = setting.name.split('_');
    words
        .map(|word| capitalized(&word.to_ascii_lowercase()))
        .collect()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// Returns the text as a single-quoted scalar of YAML.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
