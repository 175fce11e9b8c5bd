//! The builder of a function.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::sandbox::Settings;
use super::{Lambda, environment};

/// A builder of a function and its environment.
#[derive(Clone, Debug)]
pub struct LambdaBuilder {
    settings: Settings,
}

impl LambdaBuilder {
    pub(super) fn new(program: PathBuf) -> Self {
        Self {
            settings: Settings {
                program,
                args: Vec::new(),
                env: environment::of_lambda(),
                concurrency: 1,
                timeout: Duration::from_secs(60),
                init_timeout: Duration::from_secs(10),
            },
        }
    }

    /// Sets an environment variable, replacing Lambda's own of that name. The test's own variables are not inherited.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.env.insert(name.into(), value.into());
        self
    }

    /// Sets several environment variables.
    #[must_use]
    pub fn envs<N: Into<String>, V: Into<String>>(self, vars: impl IntoIterator<Item = (N, V)>) -> Self {
        vars.into_iter()
            .fold(self, |builder, (name, value)| builder.env(name, value))
    }

    /// Adds a command-line argument. Lambda itself passes none.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.settings.args.push(arg.into());
        self
    }

    /// Lets the function ask for several events at once, as Lambda Managed Instances do.
    #[must_use]
    pub fn concurrency(mut self, events: usize) -> Self {
        self.settings.concurrency = events;
        self.env("AWS_LAMBDA_MAX_CONCURRENCY", events.to_string())
    }

    /// Sets the function's timeout, which decides the deadline of each invocation. The default is a minute.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the time that the function may take to ask for its first event. The default is Lambda's ten seconds.
    #[must_use]
    pub fn init_timeout(mut self, timeout: Duration) -> Self {
        self.settings.init_timeout = timeout;
        self
    }

    /// Starts the process, without waiting for it.
    pub async fn start(self) -> Lambda {
        Lambda::start(self.settings).await
    }
}
