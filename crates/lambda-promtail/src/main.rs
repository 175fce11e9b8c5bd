//! The function's executable: the `bootstrap` of a custom runtime of AWS Lambda.

mod executor;
mod runtime;

use std::error::Error;
use std::process::ExitCode;

use lambda_promtail::{Function, ProcessEnvironment, logging};

use executor::executor;
use runtime::{Runtime, termination};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(target: logging::LISTING, "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    malloc_options::return_freed_buffers();
    logging::start(&ProcessEnvironment)?;
    executor(&ProcessEnvironment)?.block_on(serve())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new(&ProcessEnvironment)?;
    match Function::from_environment(&ProcessEnvironment) {
        Ok(function) => {
            function.prepare().await;
            runtime.serve(function, termination()?).await?;
        }
        Err(error) => runtime.report_init_error(error).await?,
    }
    Ok(())
}
