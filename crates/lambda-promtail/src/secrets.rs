//! Secrets: given as the value of a variable, or as the ARN of a secret that AWS keeps.

use std::sync::Arc;

use aws_clients::{AwsAccess, SecretArn, Secrets};
use loki_client::{Auth, AuthError, AuthFuture, AuthSource, Credentials};
use secrecy::SecretString;

/// A secret, as a variable gives it.
#[derive(Clone, Debug)]
pub(crate) enum Secret {
    /// The value itself.
    Value(SecretString),
    /// The ARN of a secret that AWS keeps, and the variable that holds the ARN.
    Kept { variable: &'static str, arn: SecretArn },
}

/// The authentication that the variables describe.
#[derive(Clone, Debug)]
pub(crate) enum SecretAuth {
    None,
    Basic { username: Secret, password: Secret },
    Bearer(Secret),
}

/// The credentials of a function that must fetch at least one secret from AWS.
#[derive(Debug)]
struct KeptAuth {
    secrets: Secrets,
    auth: SecretAuth,
}

impl SecretAuth {
    /// Returns fixed credentials, or ones that are fetched from AWS when they are needed.
    pub(crate) fn credentials(self, access: &Arc<AwsAccess>) -> Credentials {
        match self {
            Self::None => Credentials::Fixed(Auth::None),
            Self::Basic {
                username: Secret::Value(username),
                password: Secret::Value(password),
            } => Credentials::Fixed(Auth::Basic { username, password }),
            Self::Bearer(Secret::Value(token)) => Credentials::Fixed(Auth::Bearer(token)),
            kept => Credentials::Fetched(Arc::new(KeptAuth {
                secrets: Secrets::new(Arc::clone(access)),
                auth: kept,
            })),
        }
    }
}

impl KeptAuth {
    async fn get(&self, secret: &Secret) -> Result<SecretString, AuthError> {
        match secret {
            Secret::Value(value) => Ok(value.clone()),
            Secret::Kept { variable, arn } => {
                let got = self.secrets.get(arn).await;
                got.map_err(|error| {
                    let text = format!("{variable}: {error}");
                    match error.is_transient() {
                        true => AuthError::NotFetched(text),
                        false => AuthError::Refused(text),
                    }
                })
            }
        }
    }
}

impl AuthSource for KeptAuth {
    fn fetch(&self) -> AuthFuture<'_> {
        Box::pin(async {
            Ok(match &self.auth {
                SecretAuth::None => Auth::None,
                SecretAuth::Basic { username, password } => Auth::Basic {
                    username: self.get(username).await?,
                    password: self.get(password).await?,
                },
                SecretAuth::Bearer(token) => Auth::Bearer(self.get(token).await?),
            })
        })
    }
}
