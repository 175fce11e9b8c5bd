//! Secrets: given as the value of a variable, or as the ARN of a secret that AWS keeps.

use std::fmt;
use std::sync::Arc;

use aws_clients::{AwsAccess, SecretArn, Secrets};
use http::HeaderName;
use log_pipeline::RedactKey;
use loki_client::{Auth, AuthError, AuthFuture, AuthSource, Credentials, SecretHeaders};
use secrecy::{ExposeSecret, SecretString};

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

/// The key of stages that hash, which AWS keeps.
#[derive(Clone, Debug)]
pub(crate) struct KeptRedactKey {
    pub(crate) arn: SecretArn,
    pub(crate) key: RedactKey,
}

impl KeptRedactKey {
    /// Fetches the key, unless it is known.
    ///
    /// # Errors
    /// Returns the reason why the key is not known, without its value.
    pub(crate) async fn load(&self, access: &Arc<AwsAccess>) -> Result<(), String> {
        if self.key.is_set() {
            return Ok(());
        }
        let secret = Secrets::new(Arc::clone(access)).get(&self.arn).await;
        let secret = secret.map_err(|error| error.to_string())?;
        let set = self.key.set(secret.expose_secret().as_bytes());
        set.map_err(|error| error.to_string())
    }
}

/// The secret headers that the variables describe.
#[derive(Clone)]
pub(crate) struct HeaderSettings {
    pub(crate) auth: SecretAuth,
    pub(crate) extra: Vec<(HeaderName, Secret)>,
}

/// The credentials of a function that must fetch at least one secret from AWS.
#[derive(Debug)]
struct KeptAuth {
    secrets: Secrets,
    settings: HeaderSettings,
}

/// Shows no names: a value may stand in the place of one.
impl fmt::Debug for HeaderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeaderSettings")
            .field("auth", &self.auth)
            .field("extra", &self.extra.len())
            .finish()
    }
}

impl Secret {
    fn is_kept(&self) -> bool {
        matches!(self, Self::Kept { .. })
    }
}

impl HeaderSettings {
    /// Returns fixed headers, or ones that are fetched from AWS when they are needed.
    pub(crate) fn credentials(self, access: &Arc<AwsAccess>) -> Credentials {
        let kept_auth = match &self.auth {
            SecretAuth::None => false,
            SecretAuth::Basic { username, password } => username.is_kept() || password.is_kept(),
            SecretAuth::Bearer(token) => token.is_kept(),
        };
        if kept_auth || self.extra.iter().any(|(_, value)| value.is_kept()) {
            return Credentials::Fetched(Arc::new(KeptAuth {
                secrets: Secrets::new(Arc::clone(access)),
                settings: self,
            }));
        }
        let value = |secret| match secret {
            Secret::Value(value) => value,
            // None is kept, as was just found.
            Secret::Kept { .. } => SecretString::default(),
        };
        Credentials::Fixed(SecretHeaders {
            auth: match self.auth {
                SecretAuth::None => Auth::None,
                SecretAuth::Basic { username, password } => Auth::Basic {
                    username: value(username),
                    password: value(password),
                },
                SecretAuth::Bearer(token) => Auth::Bearer(value(token)),
            },
            extra: self
                .extra
                .into_iter()
                .map(|(name, secret)| (name, value(secret)))
                .collect(),
        })
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
            let auth = match &self.settings.auth {
                SecretAuth::None => Auth::None,
                SecretAuth::Basic { username, password } => Auth::Basic {
                    username: self.get(username).await?,
                    password: self.get(password).await?,
                },
                SecretAuth::Bearer(token) => Auth::Bearer(self.get(token).await?),
            };
            let mut extra = Vec::with_capacity(self.settings.extra.len());
            for (name, value) in &self.settings.extra {
                extra.push((name.clone(), self.get(value).await?));
            }
            Ok(SecretHeaders { auth, extra })
        })
    }
}
