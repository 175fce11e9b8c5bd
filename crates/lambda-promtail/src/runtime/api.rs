//! Calls of the Lambda Runtime API.

use std::fmt::Display;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use lambda_runtime_api_client::{BoxError, PooledClient, body::Body, build_request};
use serde::Serialize;

/// The version of the interface. See "Using the Lambda runtime API for custom runtimes".
const VERSION: &str = "/2018-06-01/runtime/";
const ERROR_TYPE: &str = "Lambda-Runtime-Function-Error-Type";

/// AWS's client for the interface.
pub(super) struct RuntimeApi {
    client: PooledClient,
}

/// Lambda cannot be talked to: the process ends, and Lambda starts another.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuntimeApiError {
    #[error("the Lambda Runtime API's address {0:?} cannot be used")]
    Address(String),
    #[error("calling the Lambda Runtime API: {0}")]
    Call(BoxError),
    #[error("the Lambda Runtime API answered {path} with {status}: {text}")]
    Status {
        path: String,
        status: StatusCode,
        text: String,
    },
    #[error("the Lambda Runtime API gave an event without a usable header {0}")]
    Header(&'static str),
}

/// An error as Lambda takes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure {
    error_type: &'static str,
    error_message: String,
}

impl Failure {
    pub(super) fn new(error_type: &'static str, error: impl Display) -> Self {
        Self {
            error_type,
            error_message: error.to_string(),
        }
    }
}

impl RuntimeApi {
    pub(super) fn new(address: &str) -> Result<Self, RuntimeApiError> {
        let address = address
            .parse()
            .map_err(|_| RuntimeApiError::Address(address.to_owned()))?;
        let client = PooledClient::builder().with_endpoint(address).build();
        Ok(Self { client })
    }

    /// Calls and gives the answer's headers and body.
    pub(super) async fn get(
        &self,
        path: &str,
        expected: StatusCode,
    ) -> Result<(HeaderMap, Bytes), RuntimeApiError> {
        let request = build_request()
            .method(Method::GET)
            .uri(uri(path))
            .body(Body::empty());
        self.call(path, request, expected).await
    }

    /// Posts a document.
    pub(super) async fn post(&self, path: &str, document: &impl Serialize) -> Result<(), RuntimeApiError> {
        let request = build_request()
            .method(Method::POST)
            .uri(uri(path))
            .body(json(document)?);
        self.call(path, request, StatusCode::ACCEPTED).await.map(drop)
    }

    /// Posts an error.
    pub(super) async fn post_failure(&self, path: &str, failure: &Failure) -> Result<(), RuntimeApiError> {
        let request = build_request()
            .method(Method::POST)
            .uri(uri(path))
            .header(ERROR_TYPE, failure.error_type)
            .body(json(failure)?);
        self.call(path, request, StatusCode::ACCEPTED).await.map(drop)
    }

    async fn call(
        &self,
        path: &str,
        request: http::Result<Request<Body>>,
        expected: StatusCode,
    ) -> Result<(HeaderMap, Bytes), RuntimeApiError> {
        let request = request.map_err(|error| RuntimeApiError::Call(error.into()))?;
        let response = self.client.call(request).await.map_err(RuntimeApiError::Call)?;
        let (head, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| RuntimeApiError::Call(error.into()))?;
        let body = body.to_bytes();
        // Lambda answers posts with 202, its emulators with other 2xx.
        if head.status == expected || expected == StatusCode::ACCEPTED && head.status.is_success() {
            return Ok((head.headers, body));
        }
        Err(RuntimeApiError::Status {
            path: path.to_owned(),
            status: head.status,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

fn uri(path: &str) -> String {
    format!("{VERSION}{path}")
}

fn json(document: &impl Serialize) -> Result<Body, RuntimeApiError> {
    let json = serde_json::to_vec(document).map_err(|error| RuntimeApiError::Call(error.into()))?;
    Ok(Body::from(json))
}
