//! Why a secret cannot be had.

use aws_runtime::retries::classifiers::{THROTTLING_ERRORS, TRANSIENT_ERRORS};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use crate::SecretArn;
use crate::causes::{answer, no_answer};
use crate::json_call::{Call, CallError};

/// Why a secret cannot be had. Each says which, by its ARN, and nothing of its value.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no such secret, parameter or version, in this region and account.
    #[error("{arn}: does not exist ({answer})")]
    NotFound {
        /// Which secret.
        arn: String,
        /// The service's code and words.
        answer: String,
    },
    /// The service does not let the caller read it.
    #[error("{arn}: access denied: the role needs {action} ({answer})")]
    AccessDenied {
        /// Which secret.
        arn: String,
        /// The IAM action to allow.
        action: &'static str,
        /// The service's code and words.
        answer: String,
    },
    /// The KMS key that it is encrypted with cannot be used.
    #[error("{arn}: cannot be decrypted: the role needs kms:Decrypt on an enabled key ({answer})")]
    Kms {
        /// Which secret.
        arn: String,
        /// The service's code and words.
        answer: String,
    },
    /// The request failed in another way, the SDK's own retries included.
    #[error("{arn}: {operation} failed: {answer}")]
    Request {
        /// Which secret.
        arn: String,
        /// What was asked.
        operation: &'static str,
        /// The service's code and words, or why there was no answer.
        answer: String,
        /// Whether the same request may succeed later.
        transient: bool,
    },
    /// There is a value, but not one that can be used.
    #[error("{arn}: the value cannot be used: {reason}")]
    Value {
        /// Which secret.
        arn: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl SecretError {
    /// Whether asking again may help, with nothing changed in AWS or in the settings.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Request { transient: true, .. })
    }

    /// The codes are those of the two services' API references, "GetSecretValue" and "GetParameter".
    pub(crate) fn of_call(arn: &SecretArn, call: &Call<'_>, error: &CallError) -> Self {
        let arn = arn.to_string();
        let operation = call.operation;
        let Some(refused) = error.as_service_error() else {
            let answer = no_answer(error);
            return Self::Request {
                arn,
                operation,
                answer,
                transient: true,
            };
        };
        let status = error
            .raw_response()
            .map_or(0, |response| response.status().as_u16());
        let answer = answer(error.raw_response(), refused, refused.meta(), error.request_id());
        match refused.code().unwrap_or_default() {
            "ResourceNotFoundException" | "ParameterNotFound" | "ParameterVersionNotFound" => {
                Self::NotFound { arn, answer }
            }
            "DecryptionFailure" | "InvalidKeyId" => Self::Kms { arn, answer },
            "AccessDeniedException" | "AccessDenied" => Self::AccessDenied {
                arn,
                action: action(operation, refused.message().unwrap_or_default()),
                answer,
            },
            code => Self::Request {
                transient: is_transient(status, code),
                arn,
                operation,
                answer,
            },
        }
    }
}

/// Returns whether the request may succeed later, by the SDK's own rules. The code counts besides the status, since both services
/// throttle with a 400.
fn is_transient(status: u16, code: &str) -> bool {
    status >= 500
        || matches!(status, 408 | 425 | 429)
        || THROTTLING_ERRORS.contains(&code)
        || TRANSIENT_ERRORS.contains(&code)
}

/// Both services pass on what KMS says of their caller; its older words do not name it.
fn action(operation: &str, message: &str) -> &'static str {
    if message.contains("KMS") || message.contains("kms:") || message.contains("ciphertext") {
        "kms:Decrypt on the secret's key"
    } else if operation == "GetParameter" {
        "ssm:GetParameter"
    } else {
        "secretsmanager:GetSecretValue"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_that_is_missing() {
        for (operation, message, expected) in [
            (
                "GetSecretValue",
                "User: arn:aws:sts::1:role/x is not authorized",
                "secretsmanager:GetSecretValue",
            ),
            (
                "GetSecretValue",
                "Access to KMS is not allowed",
                "kms:Decrypt on the secret's key",
            ),
            (
                "GetParameter",
                "User: arn:aws:sts::1:role/kms is not authorized",
                "ssm:GetParameter",
            ),
            (
                "GetParameter",
                "not authorized to perform: kms:Decrypt on resource",
                "kms:Decrypt on the secret's key",
            ),
            (
                "GetParameter",
                "The ciphertext refers to a customer master key that does not exist",
                "kms:Decrypt on the secret's key",
            ),
        ] {
            assert_eq!(action(operation, message), expected);
        }
    }
}
