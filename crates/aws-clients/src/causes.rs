//! The SDK's errors as plain text.

use std::error::Error;

use aws_sdk_s3::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::ErrorMetadata;
use aws_types::request_id::RequestId;

/// The most bytes of a service's message that are repeated.
const LONGEST_MESSAGE: usize = 1024;

/// Returns, as one sentence, why there was no usable response. The SDK's own `DisplayErrorContext` adds the
/// `Debug` output of everything it knows, including the response's headers and body.
pub(crate) fn no_answer<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: Error + 'static,
{
    let said = match error {
        SdkError::TimeoutError(_) => "no answer in time",
        SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout() => "no answer",
        SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => "the request cannot be sent",
        SdkError::ResponseError(_) => "the answer cannot be read",
        _ => "the request failed",
    };
    let cause = match error {
        // The error's own text names only the kind of failure.
        SdkError::DispatchFailure(failure) => failure.as_connector_error().and_then(Error::source),
        _ => error.source(),
    };
    let response = error.raw_response();
    let mut sentence = String::new();
    if let Some(response) = response {
        sentence = format!("{} ", response.status().as_u16());
    }
    sentence.push_str(said);
    if let Some(cause) = cause {
        sentence = format!("{sentence}: {}", causes(cause));
    }
    if let Some(id) = response.and_then(RequestId::request_id) {
        sentence = format!("{sentence}, request {id}");
    }
    if is_stale_login(&sentence) {
        sentence.push_str("; log in again with `aws sso login` and the same profile");
    }
    sentence
}

/// Returns whether there was no request because a login to IAM Identity Center (SSO) is missing or has expired: the SDK says
/// so itself, whose types it does not export, or the token endpoint or the portal does.
fn is_stale_login(sentence: &str) -> bool {
    let texts = [
        "SSO token",
        "InvalidGrantException",
        "InvalidClientException",
        "Session token not found or invalid",
    ];
    texts.iter().any(|text| sentence.contains(text))
}

/// Returns the error's text and those of all its causes.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut sentence = text(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = text(error);
        // Many errors repeat their cause.
        if !sentence.ends_with(&text) {
            sentence = format!("{sentence}: {text}");
        }
        cause = error.source();
    }
    sentence
}

fn text(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<ErrorMetadata>() {
        // The `Display` of this error is like the `Debug` of others.
        Some(metadata) => said(metadata, metadata.request_id()),
        None => one_line(&error.to_string()),
    }
}

/// Joins the lines of a message: the SDK lists the credentials providers that it tried, one per line.
fn one_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut joined = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        joined.push_str(if joined.ends_with([':', '.']) { " " } else { "; " });
        joined.push_str(line);
    }
    joined
}

/// Returns a service's error message and the status of the response.
pub(crate) fn answer(
    response: Option<&HttpResponse>,
    error: &(dyn Error + 'static),
    metadata: &ErrorMetadata,
    request_id: Option<&str>,
) -> String {
    let status = response.map_or(0, |response| response.status().as_u16());
    let mut sentence = format!("{status} {}", said(metadata, request_id));
    // A response without an error code may be one that the SDK did not understand.
    let cause = error
        .source()
        .filter(|cause| metadata.code().is_none() && !cause.is::<ErrorMetadata>());
    if let Some(cause) = cause {
        sentence = format!("{sentence}: {}", causes(cause));
    }
    sentence
}

fn said(metadata: &ErrorMetadata, request_id: Option<&str>) -> String {
    let mut sentence = metadata.code().unwrap_or("no error code").to_owned();
    let mut append = |before: &str, text: Option<&str>| {
        if let Some(text) = text {
            sentence.push_str(before);
            sentence.push_str(&text[..text.floor_char_boundary(LONGEST_MESSAGE)]);
        }
    };
    append(": ", metadata.message());
    append(", request ", request_id);
    sentence
}
