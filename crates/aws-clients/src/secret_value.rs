//! The value of a secret in a service's response.

use std::collections::HashMap;

use aws_smithy_types::base64;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::secret_arn::Resource;

/// A description of the fault that contains no part of the value.
type Reason = String;

/// The error messages of serde_json are never passed on: some of them quote the text.
const NO_ANSWER: &str = "the answer is not what the service is documented to answer";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SecretAnswer {
    secret_string: Option<String>,
    secret_binary: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ParameterAnswer {
    parameter: Parameter,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter {
    value: String,
}

/// Extracts the value from the response of `GetSecretValue` or `GetParameter`.
pub(crate) fn of_answer(json: &SecretString, resource: &Resource) -> Result<SecretString, Reason> {
    let json = json.expose_secret();
    let value = match resource {
        Resource::Parameter => {
            let answer: ParameterAnswer = serde_json::from_str(json).map_err(|_| NO_ANSWER)?;
            answer.parameter.value
        }
        Resource::Secret { json_key, .. } => {
            let text = text(serde_json::from_str(json).map_err(|_| NO_ANSWER)?)?;
            match json_key {
                Some(key) => member(&text, key)?,
                None => text,
            }
        }
    };
    if value.is_empty() {
        return Err("it is empty".to_owned());
    }
    if value.contains(char::is_control) {
        return Err("it has control characters, such as line breaks, which no header can carry".to_owned());
    }
    Ok(SecretString::from(value))
}

fn text(answer: SecretAnswer) -> Result<String, Reason> {
    match (answer.secret_string, answer.secret_binary) {
        (Some(text), _) => Ok(text),
        (None, Some(binary)) => {
            let bytes = base64::decode(binary).map_err(|_| NO_ANSWER)?;
            String::from_utf8(bytes).map_err(|_| "it is binary and not text in UTF-8".to_owned())
        }
        (None, None) => Err(NO_ANSWER.to_owned()),
    }
}

/// Returns the value of a member that is a string, or a number as it is written: some secrets contain user
/// ids as numbers.
fn member(json: &str, key: &str) -> Result<String, Reason> {
    let members: HashMap<String, &RawValue> = serde_json::from_str(json)
        .map_err(|_| format!("it is no JSON object, which the key {key:?} needs"))?;
    let value = members
        .get(key)
        .ok_or_else(|| format!("its JSON object has no key {key:?}"))?
        .get();
    if value.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return Ok(value.to_owned());
    }
    serde_json::from_str(value).map_err(|_| {
        format!("the value of the key {key:?} in its JSON object is neither a string nor a number")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretArn;

    const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a";
    const PARAMETER: &str = "arn:aws:ssm:eu-west-1:123456789012:parameter/a";

    fn value(arn: &str, answer: &str) -> Result<String, String> {
        let resource = SecretArn::parse(arn).unwrap().resource;
        let value = of_answer(&SecretString::from(answer), &resource);
        value.map(|value| value.expose_secret().to_owned())
    }

    #[test]
    fn values() {
        for (arn, key, answer, expected) in [
            (SECRET, "", r#"{"SecretString":"hunter2"}"#, "hunter2"),
            (
                SECRET,
                "",
                r#"{"ARN":"x","SecretString":" hünter 2 ","VersionStages":["AWSCURRENT"]}"#,
                " hünter 2 ",
            ),
            (SECRET, "", r#"{"SecretString":"{\"k\":1}"}"#, r#"{"k":1}"#),
            (SECRET, "", r#"{"SecretBinary":"aHVudGVyMg=="}"#, "hunter2"),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"{\"k\":\"hunter\\\"2\"}"}"#,
                "hunter\"2",
            ),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"{\"j\":{\"k\":null},\"k\":12345678901234567890123}"}"#,
                "12345678901234567890123",
            ),
            (SECRET, ":k", r#"{"SecretBinary":"eyJrIjoieCJ9"}"#, "x"),
            (
                PARAMETER,
                "",
                r#"{"Parameter":{"Name":"a","Type":"SecureString","Value":"hunter2"}}"#,
                "hunter2",
            ),
        ] {
            assert_eq!(value(&format!("{arn}{key}"), answer).unwrap(), expected);
        }
    }

    #[test]
    fn errors_do_not_contain_the_value() {
        for (arn, key, answer, expected) in [
            (SECRET, "", r#"{"SecretString":""}"#, "it is empty"),
            (
                SECRET,
                "",
                r#"{"SecretString":"hunter2\n"}"#,
                "control characters",
            ),
            (
                SECRET,
                "",
                r#"{"SecretString":"hunter2\u0000"}"#,
                "control characters",
            ),
            (
                SECRET,
                "",
                r#"{"SecretBinary":"aHVudGVyMv8="}"#,
                "not text in UTF-8",
            ),
            (SECRET, "", r#"{"SecretBinary":"hunter2!"}"#, NO_ANSWER),
            (SECRET, "", r#"{"SecretString":["hunter2"]}"#, NO_ANSWER),
            (SECRET, "", r#"{"SecretString":"hunter2"#, NO_ANSWER),
            (SECRET, "", "{}", NO_ANSWER),
            (SECRET, ":k", r#"{"SecretString":"hunter2"}"#, "no JSON object"),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"\"hunter2\""}"#,
                "no JSON object",
            ),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"[\"hunter2\"]"}"#,
                "no JSON object",
            ),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"{\"hunter2\":\"hunter2\"}"}"#,
                "has no key \"k\"",
            ),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"{\"k\":[\"hunter2\"]}"}"#,
                "neither a string nor a number",
            ),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"{\"k\":null,\"j\":\"hunter2\"}"}"#,
                "neither a string nor a number",
            ),
            (SECRET, ":k", r#"{"SecretString":"{\"k\":\"\"}"}"#, "it is empty"),
            (
                SECRET,
                ":k",
                r#"{"SecretString":"{\"k\":\"hunter2\\t\"}"}"#,
                "control characters",
            ),
            (
                PARAMETER,
                "",
                r#"{"Parameter":{"Value":"hunter2\r"}}"#,
                "control characters",
            ),
            (PARAMETER, "", r#"{"SecretString":"hunter2"}"#, NO_ANSWER),
        ] {
            let reason = value(&format!("{arn}{key}"), answer).unwrap_err();
            assert!(reason.contains(expected), "{reason}");
            assert!(!reason.contains("hunter2"), "{reason}");
        }
    }
}
