//! Secrets of both services, read from moto, which must be installed first with `tools/testkit/moto/install`
//! (run with `--ignored`), and the services' errors.

use std::io;
use std::sync::{Arc, Mutex};

use aws_clients::{AwsAccess, FixedEndpoint, SecretArn, SecretError, Secrets};
use secrecy::ExposeSecret;
use testkit::json_server::{Answer, JsonServer};
use testkit::moto::Moto;
use tracing_subscriber::fmt::MakeWriter;

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf";
const PARAMETER: &str = "arn:aws:ssm:eu-west-1:123456789012:parameter/loki/password";
/// The value that no output may contain.
const VALUE: &str = "hunter2";

fn secrets_at(url: String) -> Secrets {
    let access = AwsAccess::fixed(FixedEndpoint {
        url,
        region: "us-east-1".to_owned(),
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
    });
    Secrets::new(Arc::new(access))
}

async fn get(secrets: &Secrets, arn: &str) -> Result<String, SecretError> {
    let secret = secrets.get(&SecretArn::parse(arn).unwrap()).await?;
    assert!(!format!("{secret:?}").contains(secret.expose_secret()));
    Ok(secret.expose_secret().to_owned())
}

#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn secrets_of_the_arns_own_region() {
    let moto = Moto::start().await;
    let secrets = secrets_at(moto.url());
    for region in ["eu-west-1", "ap-south-1"] {
        let value = format!("of {region}");
        let arn = moto.put_secret(region, "loki/push", &value).await;
        assert_eq!(get(&secrets, &arn).await.unwrap(), value);
        let by_name = arn.rsplit_once('-').unwrap().0;
        assert_eq!(get(&secrets, by_name).await.unwrap(), value);

        for (name, kind) in [("/loki/push", "SecureString"), ("flat", "String")] {
            let value = format!("{name} of {region}");
            let arn = moto.put_parameter(region, name, kind, &value).await;
            assert_eq!(get(&secrets, &arn).await.unwrap(), value, "{arn}");
        }
    }
}

#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn keys_and_versions_of_a_secret() {
    let moto = Moto::start().await;
    let secrets = secrets_at(moto.url());
    let both = r#"{"user": "loki", "tenant": 123456, "password": "first"}"#;
    let arn = moto.put_secret("eu-west-1", "both", both).await;
    moto.update_secret("eu-west-1", &arn, &both.replace("first", "second"))
        .await;
    for (suffix, value) in [
        (":user", "loki"),
        (":tenant::", "123456"),
        (":password", "second"),
        (":password:AWSCURRENT:", "second"),
        (":password:AWSPREVIOUS:", "first"),
        ("::AWSPREVIOUS:", both),
    ] {
        assert_eq!(get(&secrets, &format!("{arn}{suffix}")).await.unwrap(), value);
    }
    for (suffix, expected) in [
        (":missing", "has no key \"missing\""),
        (":user:AWSPENDING:", "ResourceNotFoundException"),
        (
            ":user::9d4cb84b-ad69-40c0-a0ab-cead36b967e8",
            "ResourceNotFoundException",
        ),
    ] {
        let error = get(&secrets, &format!("{arn}{suffix}"))
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(&arn) && error.contains(expected), "{error}");
    }
}

#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn a_binary_secret_is_text_or_refused() {
    let moto = Moto::start().await;
    let secrets = secrets_at(moto.url());
    let text = moto.put_binary_secret("eu-west-1", "text", "aMO8bnRlcjI=").await;
    assert_eq!(get(&secrets, &text).await.unwrap(), "hünter2");
    let bytes = moto.put_binary_secret("eu-west-1", "bytes", "/9j/4A==").await;
    let error = get(&secrets, &bytes).await.unwrap_err();
    assert!(matches!(error, SecretError::Value { .. }), "{error}");
    assert!(error.to_string().contains(&bytes), "{error}");
}

#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn secrets_that_are_missing_or_elsewhere_do_not_exist() {
    let moto = Moto::start().await;
    let secrets = secrets_at(moto.url());
    // The secret is in the default region, which is not asked.
    let secret = moto.put_secret("us-east-1", "loki", VALUE).await;
    let parameter = moto.put_parameter("us-east-1", "loki", "String", VALUE).await;
    for arn in [
        SECRET.to_owned(),
        PARAMETER.to_owned(),
        secret.replace("us-east-1", "eu-west-1"),
        parameter.replace("us-east-1", "eu-west-1"),
    ] {
        let error = get(&secrets, &arn).await.unwrap_err();
        assert!(matches!(error, SecretError::NotFound { .. }), "{error}");
        assert!(error.to_string().contains(&arn), "{error}");
    }
}

fn refusal(code: &str, message: &str) -> Answer {
    let body = format!(r#"{{"__type":"{code}","Message":"{message}"}}"#);
    (400, "", body)
}

#[tokio::test]
async fn requests_are_as_the_services_document_them() {
    let server = JsonServer::start([
        (200, "", format!(r#"{{"SecretString":"{VALUE}"}}"#)),
        (200, "", format!(r#"{{"Parameter":{{"Value":"{VALUE}"}}}}"#)),
    ])
    .await;
    let secrets = secrets_at(server.url());
    let arn = format!("{SECRET}::AWSPREVIOUS:9d4cb84b");
    assert_eq!(get(&secrets, &arn).await.unwrap(), VALUE);
    assert_eq!(get(&secrets, PARAMETER).await.unwrap(), VALUE);
    let requests = server.requests();
    for (request, target, scope, body) in [
        (
            &requests[0],
            "secretsmanager.GetSecretValue",
            "/eu-west-1/secretsmanager/aws4_request",
            format!(r#"{{"SecretId":"{SECRET}","VersionId":"9d4cb84b","VersionStage":"AWSPREVIOUS"}}"#),
        ),
        (
            &requests[1],
            "AmazonSSM.GetParameter",
            "/eu-west-1/ssm/aws4_request",
            format!(r#"{{"Name":"{PARAMETER}","WithDecryption":true}}"#),
        ),
    ] {
        assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("content-type: application/x-amz-json-1.1\r\n"),
            "{request}"
        );
        assert!(
            request.contains(&format!("x-amz-target: {target}\r\n")),
            "{request}"
        );
        assert!(request.contains("user-agent: aws-sdk-rust/"), "{request}");
        assert!(request.contains(scope), "{request}");
        assert!(
            request.contains("content-length;content-type;host;x-amz-"),
            "{request}"
        );
        assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
    }
}

#[tokio::test]
async fn a_service_that_says_no_is_quoted_and_not_asked_again() {
    let not_allowed = "User: arn:aws:sts::1:assumed-role/r is not authorized";
    for (arn, code, message, expected) in [
        (
            SECRET,
            "AccessDeniedException",
            not_allowed,
            "access denied: the role needs secretsmanager:GetSecretValue",
        ),
        (
            SECRET,
            "AccessDeniedException",
            "Access to KMS is not allowed",
            "access denied: the role needs kms:Decrypt",
        ),
        (
            SECRET,
            "DecryptionFailure",
            "Secrets Manager can't decrypt it",
            "cannot be decrypted: the role needs kms:Decrypt",
        ),
        (
            SECRET,
            "ResourceNotFoundException",
            "can't find it",
            "does not exist",
        ),
        (
            SECRET,
            "InvalidRequestException",
            "it was marked for deletion",
            "GetSecretValue failed",
        ),
        (
            PARAMETER,
            "AccessDeniedException",
            not_allowed,
            "access denied: the role needs ssm:GetParameter",
        ),
        (
            PARAMETER,
            "AccessDeniedException",
            "not authorized to perform: kms:Decrypt on the resource",
            "access denied: the role needs kms:Decrypt",
        ),
        (
            PARAMETER,
            "InvalidKeyId",
            "the key is disabled",
            "cannot be decrypted: the role needs kms:Decrypt",
        ),
        (
            PARAMETER,
            "ParameterVersionNotFound",
            "no version 3",
            "does not exist",
        ),
        (
            PARAMETER,
            "ValidationException",
            "bad name",
            "GetParameter failed",
        ),
    ] {
        let server = JsonServer::start([refusal(code, message)]).await;
        let error = get(&secrets_at(server.url()), arn).await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("{arn}: {expected}")), "{error}");
        let answer = format!("400 {code}: {message}, request 7a62-0");
        assert!(error.contains(&answer), "{error}");
        assert_eq!(server.requests().len(), 1, "{error}");
    }
}

#[tokio::test]
async fn a_service_that_fails_twice_is_asked_three_times() {
    for failure in [
        (500, "", r#"{"__type":"InternalServiceError"}"#.to_owned()),
        (503, "", "<html>".to_owned()),
        refusal("ThrottlingException", "Rate exceeded"),
    ] {
        let value = (200, "", format!(r#"{{"Parameter":{{"Value":"{VALUE}"}}}}"#));
        let server = JsonServer::start([failure.clone(), failure, value]).await;
        assert_eq!(get(&secrets_at(server.url()), PARAMETER).await.unwrap(), VALUE);
        assert_eq!(server.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_service_that_keeps_failing_or_is_not_there_is_an_error() {
    let server = JsonServer::start([(500, "", String::new())]).await;
    let error = get(&secrets_at(server.url()), SECRET)
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        format!("{SECRET}: GetSecretValue failed: 500 no error code, request 7a62-2")
    );
    let gone = server.url();
    drop(server);
    tokio::task::yield_now().await;
    let error = get(&secrets_at(gone), SECRET).await.unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("{SECRET}: GetSecretValue failed: ")),
        "{error}"
    );
    assert!(error.contains("refused"), "{error}");
}

#[tokio::test]
async fn a_wrong_clock_is_corrected() {
    let date = "date: Tue, 01 Jan 2030 00:00:00 GMT\r\n";
    let refused = r#"{"__type":"InvalidSignatureException","message":"Signature expired"}"#;
    let server = JsonServer::start([
        (400, date, refused.to_owned()),
        (200, date, format!(r#"{{"SecretString":"{VALUE}"}}"#)),
    ])
    .await;
    assert_eq!(get(&secrets_at(server.url()), SECRET).await.unwrap(), VALUE);
    let requests = server.requests();
    assert!(!requests[0].contains("x-amz-date: 2030"), "{}", requests[0]);
    assert!(requests[1].contains("x-amz-date: 20300101T0"), "{}", requests[1]);
}

/// The complete log, including the levels that the function disables.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_value_is_in_an_error_or_the_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _logged = tracing::subscriber::set_default(subscriber);
    for (arn, body, is_error) in [
        (SECRET, r#"{"SecretString":"hunter2"}"#, false),
        (PARAMETER, r#"{"Parameter":{"Value":"hunter2"}}"#, false),
        (SECRET, r#"{"SecretString":"hunter2\n"}"#, true),
        (SECRET, r#"{"SecretString":"hunter2"#, true),
        (SECRET, r#"{"SecretString":{"hunter2":"hunter2"}}"#, true),
        (SECRET, r#"{"SecretBinary":"hunter2"}"#, true),
        (SECRET, "hunter2", true),
        (PARAMETER, r#"{"Parameter":"hunter2"}"#, true),
        (PARAMETER, r#"{"Parameter":{"Value":"hunter2\u0007"}}"#, true),
        (PARAMETER, "\"hunter2\"", true),
    ] {
        let server = JsonServer::start([(200, "", body.to_owned())]).await;
        let secrets = secrets_at(server.url());
        let arn = SecretArn::parse(arn).unwrap();
        let answered = secrets.get(&arn).await;
        assert_eq!(answered.is_err(), is_error, "{body}");
        assert!(
            !format!("{answered:?} {secrets:?}").contains(VALUE),
            "{answered:?}"
        );
        if let Err(error) = answered {
            let words = error.to_string();
            assert!(
                words.contains(&arn.to_string()) && !words.contains(VALUE),
                "{words}"
            );
        }
    }
    let key = SecretArn::parse(&format!("{SECRET}:k")).unwrap();
    for value in [VALUE, r#"{\"k\":[\"hunter2\"]}"#, r#"{\"hunter2\":\"hunter2\"}"#] {
        let body = format!(r#"{{"SecretString":"{value}"}}"#);
        let server = JsonServer::start([(200, "", body)]).await;
        let error = secrets_at(server.url()).get(&key).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(VALUE), "{error}");
    }
    // A truncated response: the SDK's own error then contains the part that was received.
    let body = r#"{"SecretString":"hunter2"}"#;
    let server = JsonServer::start([(200, "content-length: 99\r\n", body.to_owned())]).await;
    let error = secrets_at(server.url()).get(&key).await.unwrap_err();
    assert!(matches!(error, SecretError::Request { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains(VALUE), "{error}");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("GetSecretValue"), "the SDK's log is seen at all");
    assert!(!log.contains(VALUE), "{log}");
}
