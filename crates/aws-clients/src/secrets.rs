//! Secrets, by their ARNs.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::json;

use crate::endpoint::ServiceHost;
use crate::json_call::{Call, Service};
use crate::secret_arn::Resource;
use crate::{AwsAccess, SecretArn, SecretError, secret_value};

pub(crate) static SECRETS_MANAGER: Service = Service {
    id: "Secrets Manager",
    signing_name: "secretsmanager",
    target: "secretsmanager",
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
    host: ServiceHost {
        name: "ssm",
        dual_stack: true,
        gov_is_fips: true,
    },
};

/// Gets secrets of Secrets Manager and parameters of SSM, each in the region that its ARN names.
#[derive(Debug)]
pub struct Secrets {
    access: Arc<AwsAccess>,
}

impl Secrets {
    /// Does nothing yet: no setting of the SDK is read.
    pub fn new(access: Arc<AwsAccess>) -> Self {
        Self { access }
    }

    /// Asks for the secret's value, as it is stored, fit for a header. A binary secret must be text in UTF-8;
    /// a parameter is decrypted; with a JSON key in the ARN, it is the value of that key.
    ///
    /// # Errors
    /// When the service does not give it, or it is empty or has control characters.
    pub async fn get(&self, arn: &SecretArn) -> Result<SecretString, SecretError> {
        let (service, operation, request) = match &arn.resource {
            Resource::Secret {
                id,
                version_stage,
                version_id,
                ..
            } => {
                let mut request = json!({ "SecretId": id });
                // Null is not the same as nothing.
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
            partition: arn.partition,
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
