//! What the deployments say or do about a setting beyond what follows from the settings table.
//!
//! A setting needs a row here only if its variable or parameter is not like the others.

use lambda_promtail::settings::Setting;

/// What the deployments say or do about one setting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deployment {
    setting: &'static str,
    /// What the description of the Terraform variable says after the setting's meaning.
    pub(crate) terraform_note: &'static str,
    /// Type and default of the Terraform variable. That of a variable of upstream's module is upstream's.
    pub(crate) terraform_type: (&'static str, &'static str),
    /// The default of the Terraform variable, if it is another than upstream's.
    pub(crate) terraform_default: Option<&'static str>,
    /// What the error of the variable's check says after what the value must be.
    pub(crate) terraform_check_note: &'static str,
    /// The value that the function gets, if it is not that of the variable.
    pub(crate) terraform_value: Option<&'static str>,
    /// The name of the CloudFormation parameter, if it is not the setting's in CamelCase.
    pub(crate) cloudformation_name: Option<&'static str>,
    /// What the description of the CloudFormation parameter says after the setting's meaning.
    pub(crate) cloudformation_note: &'static str,
    /// The default of the CloudFormation parameter, if it is neither empty nor that of a boolean setting.
    pub(crate) cloudformation_default: Option<&'static str>,
    /// The value that the function gets, with a comment, if it is not that of the parameter.
    pub(crate) cloudformation_value: Option<(&'static str, &'static str)>,
}

const PLAIN: Deployment = Deployment {
    setting: "",
    terraform_note: "",
    terraform_type: ("string", "\"\""),
    terraform_default: None,
    terraform_check_note: "",
    terraform_value: None,
    cloudformation_name: None,
    cloudformation_note: "",
    cloudformation_default: None,
    cloudformation_value: None,
};

const READABLE_ARN: &str = "The role may read an ARN only if ReadSecretArns or ReadParameterArns names it.";
const FILE_IN_LAYERS: &str = "The file may come from one of Layers.";

const DEPLOYMENTS: &[Deployment] = &[
    Deployment {
        setting: "TENANT_ID",
        // Upstream's.
        cloudformation_name: Some("TenantID"),
        ..PLAIN
    },
    Deployment {
        setting: "USERNAME",
        terraform_note: "The role is allowed to read what an ARN names. `username_secret_arn` takes precedence over \
        `username_parameter_arn`, and that over this variable.",
        terraform_value: Some("local.username"),
        cloudformation_note: READABLE_ARN,
        ..PLAIN
    },
    Deployment {
        setting: "PASSWORD",
        terraform_note: "The state file and the function's configuration show a value, but not what an ARN names. \
        `password_secret_arn` takes precedence over `password_parameter_arn`, and that over this variable.",
        terraform_value: Some("local.password"),
        cloudformation_note: READABLE_ARN,
        ..PLAIN
    },
    Deployment {
        setting: "BEARER_TOKEN",
        terraform_note: "The state file and the function's configuration show a value, but not what an ARN names. \
        `bearer_token_secret_arn` takes precedence over `bearer_token_parameter_arn`, and that over this variable.",
        terraform_value: Some("local.bearer_token"),
        cloudformation_note: READABLE_ARN,
        ..PLAIN
    },
    Deployment {
        setting: "LOG_GROUP_TAGS",
        terraform_note: "The role is then allowed to read the tags of log groups.",
        cloudformation_note: "The role is then allowed to read the tags of log groups.",
        ..PLAIN
    },
    Deployment {
        setting: "REDACT_KEY",
        terraform_note: "The role is allowed to read what an ARN names. The state file and the function's configuration show a \
        value.",
        cloudformation_note: READABLE_ARN,
        ..PLAIN
    },
    Deployment {
        setting: "EXTRA_HEADERS",
        terraform_note: "The role is allowed to read what an ARN names. The state file and the function's configuration show \
        other values.",
        cloudformation_note: READABLE_ARN,
        ..PLAIN
    },
    Deployment {
        setting: "TLS_CA_CERT",
        terraform_note: "The file may come from one of `layers`. All environment variables together may take 4 KB.",
        cloudformation_note: FILE_IN_LAYERS,
        ..PLAIN
    },
    Deployment {
        setting: "TLS_CLIENT_CERT",
        terraform_note: "The file may come from one of `layers`.",
        cloudformation_note: FILE_IN_LAYERS,
        ..PLAIN
    },
    Deployment {
        setting: "TLS_CLIENT_KEY",
        terraform_note: "The file may come from one of `layers`.",
        cloudformation_note: FILE_IN_LAYERS,
        ..PLAIN
    },
    Deployment {
        setting: "PRINT_LOG_LINE",
        terraform_note: "The default of this variable is not upstream's.",
        terraform_default: Some("\"false\""),
        ..PLAIN
    },
    Deployment {
        setting: "TIMEOUT",
        terraform_note: "An example is `5s`; the function's own timeout is `lambda_timeout`.",
        terraform_check_note: "the function's own timeout is lambda_timeout, in seconds",
        cloudformation_note: "An example is 5s; the function's own timeout is FunctionTimeout.",
        ..PLAIN
    },
    Deployment {
        setting: "REPORT_BATCH_ITEM_FAILURES",
        terraform_note: "This variable sets both in every event source mapping of the module; without a mapping it has \
        no effect.",
        terraform_type: ("bool", "true"),
        terraform_value: Some(r#"local.report_batch_item_failures ? "true" : """#),
        cloudformation_note: "This parameter sets both; without the queue of SqsEnabled or a stream it has no effect.",
        cloudformation_default: Some("'true'"),
        cloudformation_value: Some((
            "AWS deletes what failed when the function reports it and the mapping does not read the report.",
            "!If [Reports, 'true', !Ref AWS::NoValue]",
        )),
        ..PLAIN
    },
    Deployment {
        setting: "CONTINUATION_QUEUE_URL",
        terraform_note: "`true` sets the URL of the module's own queue, lets the function send to it, and allows the \
        function's recursive loop; without `sqs_enabled` it has no effect.",
        terraform_type: ("bool", "false"),
        terraform_value: Some(r#"local.continues_objects ? one(aws_sqs_queue.main[*].url) : """#),
        cloudformation_name: Some("ContinueObjects"),
        cloudformation_note: "With true, this parameter sets the queue of SqsEnabled, lets the function send to it, and \
        allows the function's recursive loop; without that queue it has no effect.",
        cloudformation_default: Some("'false'"),
        cloudformation_value: Some((
            "The queue's URL.",
            "!If [ContinuesObjects, !Ref Queue, !Ref AWS::NoValue]",
        )),
        ..PLAIN
    },
    Deployment {
        setting: "ALB_LOG_S3",
        terraform_note: "`filter_prefix` must let the objects through.",
        ..PLAIN
    },
    Deployment {
        setting: "CLOUDFRONT_LOG_S3",
        terraform_note: "`filter_prefix` must let the objects through.",
        ..PLAIN
    },
];

/// Returns what the deployments say or do about the setting.
pub(crate) fn of(setting: &Setting) -> Deployment {
    let found = DEPLOYMENTS.iter().find(|found| found.setting == setting.name);
    found.copied().unwrap_or(PLAIN)
}

/// Returns the setting's meaning and the note after it, as sentences.
pub(crate) fn sentences(meaning: &str, note: &str) -> String {
    match note {
        "" => format!("{meaning}."),
        note => format!("{meaning}. {note}"),
    }
}

#[cfg(test)]
mod tests {
    use lambda_promtail::settings;

    use super::*;

    #[test]
    fn every_row_is_about_a_setting() {
        for row in DEPLOYMENTS {
            assert!(
                settings::all().any(|setting| setting.name == row.setting),
                "{}",
                row.setting
            );
        }
    }
}
