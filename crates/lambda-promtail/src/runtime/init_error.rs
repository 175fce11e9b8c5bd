//! The report to Lambda that the function cannot start, for which `lambda_runtime` has no function.

use std::fmt::Display;

use http::{Method, Uri};
use lambda_runtime::{Diagnostic, Error};
use lambda_runtime_api_client::{PooledClient, body::Body, build_request};

use super::error::RuntimeApiError;

/// The path of "Initialization error" in "Using the Lambda runtime API for custom runtimes".
const PATH: &str = "/2018-06-01/runtime/init/error";
const ERROR_TYPE: &str = "Lambda-Runtime-Function-Error-Type";

/// Reports to Lambda why the function cannot start.
pub(super) async fn report(
    address: Uri,
    kind: &'static str,
    error: &impl Display,
) -> Result<(), RuntimeApiError> {
    let diagnostic = Diagnostic {
        error_type: kind.to_owned(),
        error_message: error.to_string(),
    };
    post(address, &diagnostic).await.map_err(RuntimeApiError::new)
}

async fn post(address: Uri, diagnostic: &Diagnostic) -> Result<(), Error> {
    let request = build_request()
        .method(Method::POST)
        .uri(PATH)
        .header(ERROR_TYPE, &diagnostic.error_type)
        .body(Body::from(serde_json::to_vec(diagnostic)?))?;
    let client = PooledClient::builder().with_endpoint(address).build();
    let status = client.call(request).await?.status();
    if status.is_success() {
        return Ok(());
    }
    Err(format!("{PATH} was answered with {status}").into())
}
