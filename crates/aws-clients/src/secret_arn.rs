//! ARNs of secrets.

use std::fmt;

use crate::endpoint::Partition;

/// The ARN of a secret in Secrets Manager or of a parameter in SSM.
///
/// - `arn:aws:secretsmanager:<region>:<account>:secret:<name>`, optionally followed by
///   `:<json key>:<version stage>:<version id>` as in ECS task definitions, each of which may be empty;
/// - `arn:aws:ssm:<region>:<account>:parameter/<name>`, optionally followed by `:<version or label>`.
///
/// `Display` returns the ARN, which is not confidential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretArn {
    text: String,
    pub(crate) partition: &'static Partition,
    pub(crate) region: String,
    pub(crate) resource: Resource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Secret {
        /// The ARN up to and including the secret's name.
        id: String,
        json_key: Option<String>,
        version_stage: Option<String>,
        version_id: Option<String>,
    },
    Parameter,
}

/// A reason why a text is not the ARN of a secret. It never contains the text, which may be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretArnError {
    /// The text is not an ARN.
    #[error("does not begin with arn:; {}", EXPECTED)]
    NotAnArn,
    /// The partition does not exist.
    #[error("names a partition that is not known; {}", EXPECTED)]
    Partition,
    /// The service does not store secrets.
    #[error("is the ARN of another service; {}", EXPECTED)]
    Service,
    /// The region is missing or invalid.
    #[error("names no region, or something that is none; {}", EXPECTED)]
    Region,
    /// The account is missing or invalid.
    #[error("names no account of twelve digits; {}", EXPECTED)]
    Account,
    /// The resource of Secrets Manager is not a secret.
    #[error("names no secret; {}", EXPECTED)]
    Secret,
    /// The resource of SSM is not a parameter.
    #[error("names no parameter; {}", EXPECTED)]
    Parameter,
}

const EXPECTED: &str = "expected the ARN of a Secrets Manager secret, as in \
    arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf (with :json-key:version-stage:version-id \
    after it, where needed), or of an SSM parameter, as in arn:aws:ssm:eu-west-1:123456789012:parameter/name";

impl SecretArn {
    /// Parses an ARN, without checking whether the secret exists.
    ///
    /// # Errors
    /// Returns an error if the text is not the ARN of a secret or parameter, or names no region.
    pub fn parse(text: &str) -> Result<Self, SecretArnError> {
        let rest = text.strip_prefix("arn:").ok_or(SecretArnError::NotAnArn)?;
        let mut parts = rest.splitn(5, ':');
        let mut part = || parts.next().unwrap_or_default();
        let [partition, service, region, account, resource] = [part(), part(), part(), part(), part()];
        let partition = Partition::find(partition).ok_or(SecretArnError::Partition)?;
        let parse = match service {
            "secretsmanager" => secret,
            "ssm" => parameter,
            _ => return Err(SecretArnError::Service),
        };
        // The region becomes part of a host name.
        let of_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !region.contains('-') || !region.bytes().all(of_region) {
            return Err(SecretArnError::Region);
        }
        if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SecretArnError::Account);
        }
        Ok(Self {
            text: text.to_owned(),
            partition,
            region: region.to_owned(),
            resource: parse(text, resource)?,
        })
    }
}

impl fmt::Display for SecretArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Parses the resource of a Secrets Manager ARN. The three parts after the name are those in Amazon ECS's
/// guide, "Pass Secrets Manager secrets through Amazon ECS environment variables".
fn secret(text: &str, resource: &str) -> Result<Resource, SecretArnError> {
    let rest = resource.strip_prefix("secret:").ok_or(SecretArnError::Secret)?;
    let mut parts = rest.split(':');
    let name = parts
        .next()
        .filter(|name| is_name(name))
        .ok_or(SecretArnError::Secret)?;
    let mut part = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
    let [json_key, version_stage, version_id] = [part(), part(), part()];
    let id = &text[..text.len() - (rest.len() - name.len())];
    if parts.next().is_some() || rest.contains(char::is_control) {
        return Err(SecretArnError::Secret);
    }
    Ok(Resource::Secret {
        id: id.to_owned(),
        json_key,
        version_stage,
        version_id,
    })
}

/// Parses the resource of an SSM ARN. The version or label after the name is described in SSM's API
/// reference, "GetParameter".
fn parameter(_: &str, resource: &str) -> Result<Resource, SecretArnError> {
    let rest = resource
        .strip_prefix("parameter/")
        .ok_or(SecretArnError::Parameter)?;
    let (name, selector) = rest.split_once(':').unwrap_or((rest, "1"));
    if is_name(name) && is_name(selector) && !selector.contains(':') {
        Ok(Resource::Parameter)
    } else {
        Err(SecretArnError::Parameter)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki/push-AbCdEf";

    fn secret(parts: [Option<&str>; 3]) -> Resource {
        let [json_key, version_stage, version_id] = parts.map(|part| part.map(str::to_owned));
        Resource::Secret {
            id: SECRET.to_owned(),
            json_key,
            version_stage,
            version_id,
        }
    }

    #[test]
    fn secrets() {
        for (suffix, parts) in [
            ("", [None, None, None]),
            (":user", [Some("user"), None, None]),
            (":a key", [Some("a key"), None, None]),
            (":user::", [Some("user"), None, None]),
            ("::AWSPREVIOUS:", [None, Some("AWSPREVIOUS"), None]),
            (":::9d4cb84b", [None, None, Some("9d4cb84b")]),
            (
                ":user:AWSCURRENT:9d4cb84b",
                [Some("user"), Some("AWSCURRENT"), Some("9d4cb84b")],
            ),
            (":::", [None, None, None]),
        ] {
            let text = format!("{SECRET}{suffix}");
            let arn = SecretArn::parse(&text).unwrap();
            assert_eq!((arn.to_string(), &*arn.region), (text, "eu-west-1"));
            assert_eq!(arn.resource, secret(parts), "{suffix}");
        }
    }

    #[test]
    fn parameters_and_partitions() {
        for (text, partition, region) in [
            (
                "arn:aws:ssm:eu-central-1:123456789012:parameter/a/b/c",
                "aws",
                "eu-central-1",
            ),
            (
                "arn:aws:ssm:eu-central-1:123456789012:parameter/flat",
                "aws",
                "eu-central-1",
            ),
            (
                "arn:aws:ssm:eu-central-1:123456789012:parameter/a/b:3",
                "aws",
                "eu-central-1",
            ),
            (
                "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a",
                "aws-cn",
                "cn-north-1",
            ),
            (
                "arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/a",
                "aws-us-gov",
                "us-gov-west-1",
            ),
            (
                "arn:aws-iso-b:ssm:us-isob-east-1:123456789012:parameter/a",
                "aws-iso-b",
                "us-isob-east-1",
            ),
        ] {
            let arn = SecretArn::parse(text).unwrap();
            assert_eq!(arn.resource, Resource::Parameter);
            assert_eq!(
                (arn.to_string().as_str(), arn.partition.id, &*arn.region),
                (text, partition, region)
            );
        }
    }

    #[test]
    fn other_texts_are_refused_and_not_repeated() {
        use SecretArnError::*;
        for (text, expected) in [
            ("", NotAnArn),
            ("hunter2", NotAnArn),
            (" arn:aws:ssm:eu-west-1:123456789012:parameter/a", NotAnArn),
            ("ARN:aws:ssm:eu-west-1:123456789012:parameter/a", NotAnArn),
            ("arn:", Partition),
            ("arn::ssm:eu-west-1:123456789012:parameter/a", Partition),
            ("arn:hunter2:ssm:eu-west-1:123456789012:parameter/a", Partition),
            ("arn:aws", Service),
            ("arn:aws:hunter2", Service),
            ("arn:aws:s3:::bucket", Service),
            ("arn:aws:kms:eu-west-1:123456789012:key/a", Service),
            ("arn:aws:ssm::123456789012:parameter/a", Region),
            ("arn:aws:ssm:hunter2:123456789012:parameter/a", Region),
            (
                "arn:aws:ssm:eu-west-1.example.com:123456789012:parameter/a",
                Region,
            ),
            ("arn:aws:ssm:eu-west-1/:123456789012:parameter/a", Region),
            ("arn:aws:secretsmanager::123456789012:secret:a", Region),
            ("arn:aws:secretsmanager", Region),
            ("arn:aws:ssm:eu-west-1::parameter/a", Account),
            ("arn:aws:ssm:eu-west-1:12345678901:parameter/a", Account),
            ("arn:aws:ssm:eu-west-1:12345678901x:parameter/a", Account),
            ("arn:aws:ssm:eu-west-1:123456789012", Parameter),
            ("arn:aws:ssm:eu-west-1:123456789012:parameter/", Parameter),
            ("arn:aws:ssm:eu-west-1:123456789012:parameter:a", Parameter),
            ("arn:aws:ssm:eu-west-1:123456789012:document/a", Parameter),
            ("arn:aws:ssm:eu-west-1:123456789012:parameter/a b", Parameter),
            ("arn:aws:ssm:eu-west-1:123456789012:parameter/a\n", Parameter),
            ("arn:aws:ssm:eu-west-1:123456789012:parameter/a:", Parameter),
            ("arn:aws:ssm:eu-west-1:123456789012:parameter/a:1:2", Parameter),
            ("arn:aws:secretsmanager:eu-west-1:123456789012", Secret),
            ("arn:aws:secretsmanager:eu-west-1:123456789012:secret", Secret),
            ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:", Secret),
            (
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret::user",
                Secret,
            ),
            ("arn:aws:secretsmanager:eu-west-1:123456789012:secret/a", Secret),
            ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:a b", Secret),
            (
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a:k\n",
                Secret,
            ),
            (
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a:k:s:v:x",
                Secret,
            ),
        ] {
            let error = SecretArn::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            let words = error.to_string();
            assert!(
                words.contains("Secrets Manager") && words.contains("SSM"),
                "{words}"
            );
            assert!(
                words.contains("arn:aws:ssm:") && words.contains("arn:aws:secretsmanager:"),
                "{words}"
            );
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn the_arns_of_the_advice_are_taken() {
        for word in EXPECTED.split([' ', ',']).filter(|word| word.starts_with("arn:")) {
            SecretArn::parse(word).unwrap();
        }
    }
}
