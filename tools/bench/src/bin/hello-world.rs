//! A function that responds to every event with one word. Its cold start is the cost of the process, the async runtime
//! and AWS's client for the Runtime API alone.

use std::error::Error;

use http::Method;
use http_body_util::BodyExt;
use lambda_runtime_api_client::{PooledClient, body::Body, build_request};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    #[expect(clippy::disallowed_methods, reason = "this program has no other setting")]
    let address = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
    let client = PooledClient::builder().with_endpoint(address.parse()?).build();
    loop {
        let next = build_request()
            .method(Method::GET)
            .uri("/2018-06-01/runtime/invocation/next")
            .body(Body::empty())?;
        let next = client.call(next).await?;
        let id = next
            .headers()
            .get("lambda-runtime-aws-request-id")
            .ok_or("an event without an id")?
            .to_str()?
            .to_owned();
        next.into_body().collect().await?;
        let answer = build_request()
            .method(Method::POST)
            .uri(format!("/2018-06-01/runtime/invocation/{id}/response"))
            .body(Body::from("\"hello\""))?;
        client.call(answer).await?.into_body().collect().await?;
    }
}
