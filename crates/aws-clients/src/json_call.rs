//! A single call of a service that uses AWS JSON, built from the SDK's parts.
//!
//! The SDK's client of SSM takes longer to compile than everything else, for one of its hundreds of calls.
//! This module does what that client does with the SDK's orchestrator, connector, credentials, signer,
//! retries and clock skew correction; only the conversion from and to JSON is our own.

use aws_config::SdkConfig;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::{
    DisableClockSkewCorrection, ServiceClockSkewClassifier, ServiceClockSkewInterceptor,
};
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthScheme};
use aws_smithy_runtime_api::client::orchestrator::{
    HttpRequest, HttpResponse, OrchestratorError, SensitiveOutput,
};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use secrecy::SecretString;
use serde::Deserialize;

use crate::endpoint::{self, Partition, ServiceHost};
use crate::settings::{CONNECT_TIMEOUT, READ_TIMEOUT};

/// A service, with the names under which it is known.
#[derive(Debug)]
pub(crate) struct Service {
    /// The SDK's name of the service, by which endpoints are set.
    pub(crate) id: &'static str,
    /// The name in the scope of signatures.
    pub(crate) signing_name: &'static str,
    /// The prefix of the operation in `X-Amz-Target`.
    pub(crate) target: &'static str,
    /// The version of the AWS JSON protocol.
    pub(crate) json: &'static str,
    pub(crate) host: ServiceHost,
}

/// A call of one of the service's operations in one region.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) service: &'static Service,
    pub(crate) operation: &'static str,
    pub(crate) host: Host<'a>,
    pub(crate) region: &'a str,
}

/// The host of a service, unless an endpoint is configured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Host<'a> {
    /// AWS's public host for the region, in this partition.
    Public(&'static Partition),
    /// A scheme and a host.
    Given(&'a str),
}

/// The error that the service returned.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Refused(ErrorMetadata);

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

pub(crate) type CallError = SdkError<Refused, HttpResponse>;

impl Call<'_> {
    /// Sends the JSON, with the SDK's retries, and returns the JSON of the response, which is kept out of
    /// `Debug` output and the SDK's log.
    pub(crate) async fn send(&self, shared: &SdkConfig, json: String) -> Result<SecretString, CallError> {
        let target = format!("{}.{}", self.service.target, self.operation);
        let json_version = self.service.json;
        let mut operation = Operation::builder()
            .service_name(self.service.id)
            .operation_name(self.operation)
            .endpoint_url(&self.url(shared))
            .timeout_config(timeouts())
            .standard_retry(
                &shared
                    .retry_config()
                    .cloned()
                    .unwrap_or_else(RetryConfig::standard),
            )
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
            .retry_classifier(ServiceClockSkewClassifier::<Refused>::new())
            .with_connection_poisoning()
            .interceptor(ServiceClockSkewInterceptor::new())
            .interceptor(UserAgentInterceptor::new())
            .runtime_plugin(self.signature(shared))
            .serializer(move |json: String| request(&target, json_version, json))
            .deserializer(answer);
        if let Some(version) = shared.behavior_version() {
            operation = operation.behavior_version(version);
        }
        if let Some(client) = shared.http_client() {
            operation = operation.http_client(client);
        }
        if let Some(sleep) = shared.sleep_impl() {
            operation = operation.sleep_impl(sleep);
        }
        if let Some(time) = shared.time_source() {
            operation = operation.time_source(time);
        }
        operation.build().invoke(json).await
    }

    fn url(&self, shared: &SdkConfig) -> String {
        endpoint::own(shared, self.service.id).unwrap_or_else(|| {
            let partition = match self.host {
                Host::Public(partition) => partition,
                Host::Given(url) => return url.to_owned(),
            };
            let fips = shared.use_fips().unwrap_or_default();
            let dual_stack = shared.use_dual_stack().unwrap_or_default();
            self.service.host.url(partition, self.region, fips, dual_stack)
        })
    }

    /// Returns the configuration of the signature, and what else the SDK's clients put into theirs.
    fn signature(&self, shared: &SdkConfig) -> StaticRuntimePlugin {
        let mut config = Layer::new("AWS JSON call");
        config.store_put(SensitiveOutput);
        config.store_put(ApiMetadata::new(
            self.service.signing_name,
            env!("CARGO_PKG_VERSION"),
        ));
        config.store_put(AuthSchemeOptionResolverParams::new(()));
        config.store_put(SigV4OperationSigningConfig {
            region: Some(SigningRegion::from(Region::new(self.region.to_owned()))),
            name: Some(SigningName::from_static(self.service.signing_name)),
            ..SigV4OperationSigningConfig::default()
        });
        if let Some(disabled) = shared.disable_clock_skew_correction() {
            config.store_put(DisableClockSkewCorrection::from(disabled));
        }
        let mut components = RuntimeComponentsBuilder::new("AWS JSON call")
            .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
            .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])));
        if let Some(cache) = shared.identity_cache() {
            components = components.with_identity_cache(Some(cache));
        }
        if let Some(credentials) = shared.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, credentials);
        }
        StaticRuntimePlugin::new()
            .with_config(config.freeze())
            .with_runtime_components(components)
    }
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        // The read timeout covers only the response's head. The body is so small that it needs no timeout of
        // its own.
        .operation_attempt_timeout(CONNECT_TIMEOUT + READ_TIMEOUT)
        .build()
}

/// Returns the HTTP request, as specified in Smithy's "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol", which differ
/// in the content type.
fn request(target: &str, json_version: &str, json: String) -> Result<HttpRequest, BoxError> {
    let length = json.len();
    let mut request = HttpRequest::new(SdkBody::from(json));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.try_insert("content-type", format!("application/x-amz-json-{json_version}"))?;
    headers.try_insert("content-length", length.to_string())?;
    headers.try_insert("x-amz-target", target.to_owned())?;
    Ok(request)
}

fn answer(response: &HttpResponse) -> Result<SecretString, OrchestratorError<Refused>> {
    // The orchestrator has read the whole body.
    let body = response.body().bytes().unwrap_or_default();
    if !response.status().is_success() {
        let header = response.headers().get("x-amzn-errortype");
        return Err(OrchestratorError::operation(Refused(refusal(header, body))));
    }
    match str::from_utf8(body) {
        Ok(json) => Ok(SecretString::from(json)),
        Err(error) => Err(OrchestratorError::other(error)),
    }
}

/// Parses the service's error as specified in Smithy's "Operation error serialization": the code may have a
/// namespace before it and a URL after it.
fn refusal(header: Option<&str>, body: &[u8]) -> ErrorMetadata {
    #[derive(Default, Deserialize)]
    struct Body {
        #[serde(rename = "__type")]
        kind: Option<String>,
        code: Option<String>,
        #[serde(alias = "Message")]
        message: Option<String>,
    }

    // A proxy's error page is not JSON; the status is sufficient then.
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let mut metadata = ErrorMetadata::builder();
    let code = header.or(body.kind.as_deref()).or(body.code.as_deref());
    if let Some(code) = code {
        let code = code.split(':').next().unwrap_or(code);
        metadata = metadata.code(code.rsplit('#').next().unwrap_or(code));
    }
    if let Some(message) = body.message {
        metadata = metadata.message(message);
    }
    metadata.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        for (header, body, code, message) in [
            (
                None,
                r#"{"__type":"AccessDeniedException","Message":"no"}"#,
                Some("AccessDeniedException"),
                Some("no"),
            ),
            (
                None,
                r#"{"__type":"com.amazonaws.ssm#ParameterNotFound"}"#,
                Some("ParameterNotFound"),
                None,
            ),
            (
                None,
                r#"{"code":"Throttling:http://x/","message":"slow"}"#,
                Some("Throttling"),
                Some("slow"),
            ),
            (Some("a#B:http://x/"), r#"{"__type":"C"}"#, Some("B"), None),
            (None, r#"{"__type":3}"#, None, None),
            (None, "<html>", None, None),
            (None, "", None, None),
        ] {
            let metadata = refusal(header, body.as_bytes());
            assert_eq!((metadata.code(), metadata.message()), (code, message), "{body}");
        }
    }

    #[test]
    fn the_timeouts_are_those_of_objects() {
        let objects = crate::S3ClientSettings::default();
        assert_eq!(timeouts().connect_timeout(), Some(objects.connect_timeout));
        assert_eq!(timeouts().read_timeout(), Some(objects.read_timeout));
    }
}
