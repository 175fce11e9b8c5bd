//! The function as AWS Lambda starts it: a custom runtime's `bootstrap`.

mod runtime;

use std::error::Error;
use std::process::ExitCode;

use lambda_promtail::{Function, ProcessEnvironment, logging};

use runtime::{Runtime, termination};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    logging::start(&ProcessEnvironment)?;
    let runtime = Runtime::new(&ProcessEnvironment)?;
    match Function::from_environment(&ProcessEnvironment) {
        Ok(function) => runtime.serve(&function, termination()?).await?,
        Err(error) => runtime.report_init_error(error).await?,
    }
    Ok(())
}
