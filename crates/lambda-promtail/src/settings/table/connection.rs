//! The connection to Loki: credentials, TLS, proxies.

use aws_clients::SecretArn;
use loki_client::{ClientIdentity, ProxyAddress, RootCertificates};
use secrecy::SecretString;

use super::super::extra_headers;
use super::super::setting::{Setting, Shown, ValueForm};
use super::super::value::{Optional, Typed, boolean, flag, set};
use super::super::value_issue::ValueIssue;
use crate::secrets::Secret;

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "USERNAME",
        meaning: "user name for basic auth, together with `PASSWORD`: the value, or the ARN of a Secrets Manager secret or SSM \
        parameter",
        shown: Shown::Secret,
        value: &Optional(|raw, text| secret(&mut raw.username, "USERNAME", text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "PASSWORD",
        meaning: "password for basic auth, together with `USERNAME`: value or ARN",
        shown: Shown::Secret,
        value: &Optional(|raw, text| secret(&mut raw.password, "PASSWORD", text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "BEARER_TOKEN",
        meaning: "token for `Authorization: Bearer`, not together with `USERNAME`: value or ARN",
        shown: Shown::Secret,
        value: &Optional(|raw, text| secret(&mut raw.bearer_token, "BEARER_TOKEN", text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "EXTRA_HEADERS",
        meaning: "headers of each push, as `name1,value1,name2,value2`, or as a JSON object if a value has a comma; they go to \
        no other host, and a value may be an ARN",
        shown: Shown::Secret,
        value: &Optional(|raw, text| set(&mut raw.extra_headers, extra_headers::parse(text))),
        ..Setting::PLAIN
    },
    Setting {
        name: "SKIP_TLS_VERIFY",
        meaning: "accept any server certificate; for development only, with a warning at start",
        value: &Typed {
            read: |skip, text| {
                boolean(skip, text)?;
                match skip {
                    true => Err(ValueIssue::Warning(
                        "server certificates are not verified: anyone on the network can intercept the logs"
                            .to_owned(),
                    )),
                    false => Ok(()),
                }
            },
            ..flag(false, |raw| &mut raw.skip_tls_verify)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CA_CERT",
        meaning: "root certificates that verify Loki's certificate, in place of the system's: PEM text, its base64, or the \
        path of a file",
        shown: Shown::Pem,
        form: ValueForm::PemOrPath,
        value: &Optional(|raw, text| {
            set(
                &mut raw.root_certificates,
                RootCertificates::from_pem(text).map(Some),
            )
        }),
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CLIENT_CERT",
        meaning: "client certificate for mutual TLS, together with `TLS_CLIENT_KEY`: PEM text, its base64, or the path of a \
        file",
        shown: Shown::Pem,
        form: ValueForm::PemOrPath,
        value: &Optional(|raw, text| {
            raw.client_certificate = Some(text.to_owned());
            Ok(())
        }),
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CLIENT_KEY",
        meaning: "private key for mutual TLS, together with `TLS_CLIENT_CERT`: PEM text, its base64, or the path of a file",
        shown: Shown::Secret,
        form: ValueForm::PemOrPath,
        value: &Optional(|raw, text| {
            let key = SecretString::from(text);
            let checked = ClientIdentity::check_key(&key);
            raw.client_key = Some(key);
            checked.map_err(ValueIssue::error)
        }),
        ..Setting::PLAIN
    },
    Setting {
        name: "HTTPS_PROXY",
        meaning: "proxy for an `https` push URL; `https_proxy` is read too",
        shown: Shown::Proxy,
        other_name: Some("https_proxy"),
        value: &Optional(|raw, text| set(&mut raw.proxy.https, ProxyAddress::parse(text).map(Some))),
        ..Setting::PLAIN
    },
    Setting {
        name: "HTTP_PROXY",
        meaning: "proxy for an `http` push URL; `http_proxy` is read too",
        shown: Shown::Proxy,
        other_name: Some("http_proxy"),
        value: &Optional(|raw, text| set(&mut raw.proxy.http, ProxyAddress::parse(text).map(Some))),
        ..Setting::PLAIN
    },
    Setting {
        name: "NO_PROXY",
        meaning: "comma-separated hosts, domains and networks that are reached without the proxy; `no_proxy` is read too",
        other_name: Some("no_proxy"),
        value: &Optional(|raw, text| {
            raw.proxy.direct = Some(text.to_owned());
            Ok(())
        }),
        ..Setting::PLAIN
    },
];

pub(super) fn secret(
    target: &mut Option<Secret>,
    variable: &'static str,
    text: &str,
) -> Result<(), ValueIssue> {
    // Also if the value is invalid: the checks of other variables depend on whether it is set.
    *target = Some(Secret::Value(text.into()));
    if text.starts_with("arn:") {
        let arn = SecretArn::parse(text).map_err(ValueIssue::error)?;
        *target = Some(Secret::Kept { variable, arn });
    } else if text.chars().any(char::is_control) {
        return Err(ValueIssue::error(
            "has characters that are not allowed in a header, such as a line break",
        ));
    }
    Ok(())
}
