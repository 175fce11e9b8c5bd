//! The reasons why a secret cannot be read.

use aws_runtime::retries::classifiers::{THROTTLING_ERRORS, TRANSIENT_ERRORS};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use crate::SecretArn;
use crate::causes::{answer, no_answer};
use crate::json_call::{Call, CallError};

/// A reason why a secret cannot be read. Each error names the secret's ARN and never contains any part of its
/// value.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The secret, parameter or version does not exist in this region and account.
    #[error("{arn}: does not exist ({answer})")]
    NotFound {
        /// The ARN of the secret.
        arn: String,
        /// The service's error code and message.
        answer: String,
    },
    /// The service does not allow the caller to read the secret.
    #[error("{arn}: access denied: the role needs {action} ({answer})")]
    AccessDenied {
        /// The ARN of the secret.
        arn: String,
        /// The IAM action to allow.
        action: &'static str,
        /// The service's error code and message.
        answer: String,
    },
    /// The KMS key with which the secret is encrypted cannot be used.
    #[error("{arn}: cannot be decrypted: the role needs kms:Decrypt on an enabled key ({answer})")]
    Kms {
        /// The ARN of the secret.
        arn: String,
        /// The service's error code and message.
        answer: String,
    },
    /// The request failed in another way, after the SDK's retries.
    #[error("{arn}: {operation} failed: {answer}")]
    Request {
        /// The ARN of the secret.
        arn: String,
        /// The operation that failed.
        operation: &'static str,
        /// The service's error code and message, or the reason why there was no response.
        answer: String,
        /// Whether the same request may succeed later.
        transient: bool,
    },
    /// The service returned a value that cannot be used.
    #[error("{arn}: the value cannot be used: {reason}")]
    Value {
        /// The ARN of the secret.
        arn: String,
        /// The description of the fault.
        reason: String,
    },
}

impl SecretError {
    /// Returns whether another attempt may succeed without any change in AWS or in the settings.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Request { transient: true, .. })
    }

    /// Classifies a failed call by the codes in the two services' API references, "GetSecretValue" and
    /// "GetParameter".
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

/// Returns whether the request may succeed later, by the SDK's own rules. The code is needed besides the
/// status, because both services throttle with a 400.
fn is_transient(status: u16, code: &str) -> bool {
    status >= 500
        || matches!(status, 408 | 425 | 429)
        || THROTTLING_ERRORS.contains(&code)
        || TRANSIENT_ERRORS.contains(&code)
}

/// Returns the IAM action that the caller lacks. Both services pass on the message of KMS about their caller;
/// its older messages do not name KMS.
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
