//! The creation of a function from the environment.

use loki_client::HttpTransportError;

use crate::settings::SettingsError;
use crate::{Environment, Function, Settings};

/// An error that keeps the function from starting.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The environment has invalid settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The HTTP client cannot be set up.
    #[error(transparent)]
    Http(#[from] HttpTransportError),
}

impl StartError {
    /// Returns the error's type, under which AWS shows and counts it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Settings(_) => "InvalidSettings",
            Self::Http(_) => "HttpSetup",
        }
    }
}

impl Function {
    /// Creates the function that the environment describes, and logs the settings' warnings.
    ///
    /// # Errors
    /// Returns an error that lists every invalid setting.
    pub fn from_environment(environment: &impl Environment) -> Result<Self, StartError> {
        let settings = Settings::read(environment)?;
        for warning in &settings.warnings {
            tracing::warn!("{warning}");
        }
        Ok(Self::new(settings)?)
    }
}
