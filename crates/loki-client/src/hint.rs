//! Hints that name the settings to check after a push has failed.

use http::StatusCode;
use url::Url;

use crate::{Auth, ClientSettings, Credentials, SecretHeaders};

/// The path of Loki's push API.
const PUSH_PATH: &str = "/loki/api/v1/push";

/// Returns a hint for a status that a wrong setting can cause.
pub(crate) fn of_status(status: StatusCode, settings: &ClientSettings, url: &Url) -> Option<String> {
    match status.as_u16() {
        401 | 403 => Some(format!("check {}", credentials(settings))),
        404 if !url.path().ends_with(PUSH_PATH) => Some(format!(
            "check WRITE_ADDRESS: its path does not end in {PUSH_PATH}, where Loki takes pushes"
        )),
        404 => Some("check the host and the path of WRITE_ADDRESS".to_owned()),
        _ => None,
    }
}

/// Returns the names of the settings about credentials and tenant.
fn credentials(settings: &ClientSettings) -> &'static str {
    match &settings.credentials {
        Credentials::Fixed(SecretHeaders {
            auth: Auth::Bearer(_),
            ..
        }) => "BEARER_TOKEN and TENANT_ID",
        Credentials::Fixed(SecretHeaders {
            auth: Auth::Basic { .. },
            ..
        }) => "USERNAME, PASSWORD and TENANT_ID",
        Credentials::Fixed(SecretHeaders { auth: Auth::None, .. }) => {
            "TENANT_ID, and whether BEARER_TOKEN or USERNAME and PASSWORD must be set"
        }
        Credentials::Fetched(_) => "BEARER_TOKEN or USERNAME and PASSWORD, and TENANT_ID",
    }
}

/// Returns a message with the host that could not be reached, and the settings that name it.
pub(crate) fn of_connecting(settings: &ClientSettings, url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let proxies = &settings.proxy;
    let proxy = match proxies.http.is_some() || proxies.https.is_some() {
        true => " and the proxy",
        false => "",
    };
    format!("cannot connect to {host}:{port}; check WRITE_ADDRESS{proxy}")
}
