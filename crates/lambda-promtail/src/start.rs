//! From the environment to a function that is ready.

use loki_client::{HttpTransport, HttpTransportError};

use crate::settings::Problems;
use crate::{Environment, Function, Settings};

/// Why the function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The environment is wrong.
    #[error(transparent)]
    Settings(#[from] Problems),
    /// HTTP cannot be set up.
    #[error(transparent)]
    Http(#[from] HttpTransportError),
}

impl StartError {
    /// The error's type, as AWS shows and counts it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Settings(_) => "InvalidSettings",
            Self::Http(_) => "HttpSetup",
        }
    }
}

impl Function<HttpTransport> {
    /// The function that the environment describes.
    ///
    /// # Errors
    /// With all that is wrong with the environment.
    pub fn from_environment(environment: &impl Environment) -> Result<Self, StartError> {
        let settings = Settings::read(environment)?;
        for warning in &settings.warnings {
            tracing::warn!("{warning}");
        }
        Ok(Self::new(settings)?)
    }
}
