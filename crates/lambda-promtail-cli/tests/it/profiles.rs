//! The profiles of a person: IAM Identity Center (SSO), a program that prints credentials, and a web identity.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;
use tempfile::TempDir;
use testkit::json_server::JsonServer;
use testkit::s3::{Object, S3};

use crate::support::{KEY, text};

const LINE: &str = "https 2026-03-04T05:06:07.123456Z app/shop/0a1b first\n";
/// The SHA-1 of the session's name, `corp`, which is the name of the file with its token.
const CACHED: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// A home folder, and an S3 with an object.
struct Home {
    folder: TempDir,
    s3: S3,
}

impl Home {
    async fn new(profile: &str) -> Self {
        let (folder, s3) = (tempfile::tempdir().unwrap(), S3::start().await);
        s3.put("logs", KEY, Object::new(LINE));
        let home = Self { folder, s3 };
        let folder = home.folder.path().display().to_string();
        home.write(".aws/config", &profile.replace("HOME", &folder));
        home
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn ship(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"));
        command
            .args(["ship", &format!("s3://logs/{KEY}")])
            .env_clear()
            .env("HOME", self.folder.path())
            .env("AWS_PROFILE", "work")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL_S3", self.s3.url());
        tokio::task::block_in_place(|| command.output().unwrap())
    }

    /// Ships the object, and returns the access key that signed the request.
    fn access_key(&self) -> String {
        let output = self.ship();
        assert!(output.status.success(), "{output:?}");
        assert!(text(&output.stdout).contains("first"), "{output:?}");
        let requests = self.s3.requests();
        let signed = requests.last().unwrap().headers["authorization"]
            .to_str()
            .unwrap();
        let (_, scope) = signed.split_once("Credential=").unwrap();
        scope.split('/').next().unwrap().to_owned()
    }
}

/// Returns a profile of a session whose portal and token endpoint are at this URL.
fn sso_profile(url: &str) -> String {
    format!(
        "[profile work]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 111122223333\n\
         sso_role_name = Reader\nendpoint_url = {url}\n\
         [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n"
    )
}

/// Returns a cached token that expires at this time, and can be refreshed if there is a refresh token.
fn token(expires: &str, refresh: Option<&str>) -> String {
    json!({
        "startUrl": "https://corp.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "hunter2",
        "expiresAt": expires,
        "refreshToken": refresh,
        "clientId": "client",
        "clientSecret": "hunter2",
        "registrationExpiresAt": "2099-01-01T00:00:00Z",
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_identity_center_gives_credentials() {
    let credentials = json!({"roleCredentials": {
        "accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4_000_000_000_000_i64,
    }});
    let portal = JsonServer::start([(200, "", credentials.to_string())]).await;
    let home = Home::new(&sso_profile(&portal.url())).await;
    home.write(CACHED, &token("2099-01-01T00:00:00Z", None));
    assert_eq!(home.access_key(), "ASIASSO");
    let request = &portal.requests()[0];
    assert!(
        request.starts_with("GET /federation/credentials?role_name=Reader&account_id=111122223333 "),
        "{request}"
    );
    assert!(request.contains("x-amz-sso_bearer_token: hunter2"), "{request}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_session_is_said_to_need_a_login() {
    let refused = json!({"error": "invalid_grant", "error_description": "the refresh token has expired"});
    let endpoint = JsonServer::start([(
        400,
        "x-amzn-errortype: InvalidGrantException\r\n",
        refused.to_string(),
    )])
    .await;
    let home = Home::new(&sso_profile(&endpoint.url())).await;
    let refused = |asked: usize| {
        let output = home.ship();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains("; log in again with `aws sso login` and the same profile"),
            "{said}"
        );
        assert!(!said.contains("hunter2"), "{said}");
        assert_eq!(endpoint.requests().len(), asked, "{said}");
    };
    // Never logged in.
    refused(0);
    home.write(CACHED, &token("2020-01-01T00:00:00Z", None));
    refused(0);
    // The command goes as far as the token endpoint that the profile names.
    home.write(CACHED, &token("2020-01-01T00:00:00Z", Some("hunter2")));
    // If that refuses, the SDK tries the portal with the old token.
    refused(2);
    let request = &endpoint.requests()[0];
    assert!(
        request.starts_with("POST /token ") && request.contains("\"grantType\":\"refresh_token\""),
        "{request}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_the_portal_refuses_needs_a_login_too() {
    let refused = json!({"message": "Session token not found or invalid"}).to_string();
    let portal = JsonServer::start([(401, "x-amzn-errortype: UnauthorizedException\r\n", refused)]).await;
    let home = Home::new(&sso_profile(&portal.url())).await;
    home.write(CACHED, &token("2099-01-01T00:00:00Z", None));
    let said = text(&home.ship().stderr);
    assert!(said.contains("aws sso login"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_may_print_the_credentials() {
    let home = Home::new("[profile work]\nregion = eu-west-1\ncredential_process = HOME/credentials\n").await;
    let printed = json!({"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "s"});
    home.write("credentials", &format!("#!/bin/sh\necho '{printed}'\n"));
    set_executable(&home.folder.path().join("credentials"));
    assert_eq!(home.access_key(), "AKIAPROCESS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_identity_is_exchanged_for_credentials() {
    let assumed = "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAWEB</AccessKeyId>\
        <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
        <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
        </AssumeRoleWithWebIdentityResponse>";
    let sts = JsonServer::start([(200, "", assumed.to_owned())]).await;
    let profile = format!(
        "[profile work]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/Reader\n\
         web_identity_token_file = HOME/token\nservices = local\n\
         [services local]\nsts =\n  endpoint_url = {}\n",
        sts.url()
    );
    let home = Home::new(&profile).await;
    home.write("token", "web-token");
    assert_eq!(home.access_key(), "ASIAWEB");
    assert!(
        sts.requests()[0].contains("WebIdentityToken=web-token"),
        "{:?}",
        sts.requests()
    );
}

fn set_executable(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}
