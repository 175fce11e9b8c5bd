//! Secrets, read by their ARNs.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::json;

use crate::endpoint::ServiceHost;
use crate::json_call::{Call, Host, Service};
use crate::secret_arn::Resource;
use crate::{AwsAccess, SecretArn, SecretError, secret_value};

pub(crate) static SECRETS_MANAGER: Service = Service {
    id: "Secrets Manager",
    signing_name: "secretsmanager",
    target: "secretsmanager",
    json: "1.1",
    host: ServiceHost {
        name: "secretsmanager",
        dual_stack: false,
        gov_is_fips: false,
    },
};

pub(crate) static SSM: Service = Service {
    id: "SSM",
    signing_name: "ssm",
    target: "AmazonSSM",
    json: "1.1",
    host: ServiceHost {
        name: "ssm",
        dual_stack: true,
        gov_is_fips: true,
    },
};

/// A reader of Secrets Manager secrets and SSM parameters, each in the region that its ARN names.
#[derive(Debug)]
pub struct Secrets {
    access: Arc<AwsAccess>,
}

impl Secrets {
    /// Returns a reader that reads no setting of the SDK until it is used.
    pub fn new(access: Arc<AwsAccess>) -> Self {
        Self { access }
    }

    /// Returns the secret's value as it is stored, valid as the value of an HTTP header. A binary secret must
    /// be UTF-8 text; a parameter is decrypted; with a JSON key in the ARN, the value of that key is
    /// returned.
    ///
    /// # Errors
    /// Returns an error if the service does not return the value, or if it is empty or contains control
    /// characters.
    pub async fn get(&self, arn: &SecretArn) -> Result<SecretString, SecretError> {
        let (service, operation, request) = match &arn.resource {
            Resource::Secret {
                id,
                version_stage,
                version_id,
                ..
            } => {
                let mut request = json!({ "SecretId": id });
                // A member that is null is not the same as a missing one.
                for (name, value) in [("VersionStage", version_stage), ("VersionId", version_id)] {
                    if let Some(value) = value {
                        request[name] = json!(value);
                    }
                }
                (&SECRETS_MANAGER, "GetSecretValue", request)
            }
            Resource::Parameter => {
                let request = json!({ "Name": arn.to_string(), "WithDecryption": true });
                (&SSM, "GetParameter", request)
            }
        };
        let call = Call {
            service,
            operation,
            host: Host::Public(arn.partition),
            region: &arn.region,
        };
        let shared = self.access.config().await;
        match call.send(shared, request.to_string()).await {
            Ok(answer) => {
                secret_value::of_answer(&answer, &arn.resource).map_err(|reason| SecretError::Value {
                    arn: arn.to_string(),
                    reason,
                })
            }
            Err(error) => Err(SecretError::of_call(arn, &call, &error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_before_the_first_use() {
        let access = Arc::new(AwsAccess::from_environment());
        let _secrets = Secrets::new(Arc::clone(&access));
        assert!(!access.is_loaded());
    }
}
