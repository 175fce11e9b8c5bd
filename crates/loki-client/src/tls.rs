//! Certificates for TLS.

use std::fmt;

use reqwest::{Certificate, Identity};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::{ExposeSecret, SecretString};

/// The settings of TLS: how a server's certificate is checked, and which certificate the client presents.
#[derive(Clone, Debug, Default)]
pub struct TlsSettings {
    /// Whether every certificate is accepted, which is for development only.
    pub skip_verify: bool,
    /// The root certificates for checking the server's certificate. Without them those of the system are used.
    pub root_certificates: Option<RootCertificates>,
    /// The client's certificate, for a server that asks for one.
    pub identity: Option<ClientIdentity>,
}

/// The root certificates of private certificate authorities.
#[derive(Clone)]
pub struct RootCertificates(Vec<Certificate>);

/// A client certificate and its private key.
#[derive(Clone)]
pub struct ClientIdentity(Identity);

/// An error about text that is not the expected PEM. It does not contain any of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// The text does not contain a certificate.
    #[error("no certificate in it; expected PEM: -----BEGIN CERTIFICATE----- ...")]
    NoCertificate,
    /// The text does not contain a private key.
    #[error("no private key in it; expected PEM: -----BEGIN PRIVATE KEY----- ...")]
    NoKey,
    /// The certificate or the key cannot be used.
    #[error("cannot be used: {0}")]
    Unusable(String),
}

impl RootCertificates {
    /// Parses PEM text with one or more certificates.
    ///
    /// # Errors
    /// Returns an error when the text has no certificate, or one that cannot be used.
    pub fn from_pem(pem: &str) -> Result<Self, PemError> {
        check_certificates(pem)?;
        let certificates = Certificate::from_pem_bundle(pem.as_bytes());
        certificates.map(Self).map_err(unusable)
    }

    /// Returns the certificates.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = Certificate> {
        self.0.iter().cloned()
    }
}

impl ClientIdentity {
    /// Parses the PEM text of a certificate, followed by those of its chain, and that of its key.
    ///
    /// # Errors
    /// Returns an error when the certificate or the key is missing or cannot be used.
    pub fn from_pem(certificate: &str, key: &SecretString) -> Result<Self, PemError> {
        check_certificates(certificate)?;
        Self::check_key(key)?;
        let both = SecretString::from(format!("{certificate}\n{}", key.expose_secret()));
        let identity = Identity::from_pem(both.expose_secret().as_bytes());
        identity.map(Self).map_err(unusable)
    }

    /// Checks that PEM text contains a private key.
    ///
    /// # Errors
    /// Returns an error when it does not.
    pub fn check_key(key: &SecretString) -> Result<(), PemError> {
        let key = PrivateKeyDer::from_pem_slice(key.expose_secret().as_bytes());
        key.map(drop).map_err(|_| PemError::NoKey)
    }

    /// Returns the certificate and the key for reqwest.
    pub(crate) fn identity(&self) -> Identity {
        self.0.clone()
    }
}

/// Checks that PEM text contains a certificate.
fn check_certificates(pem: &str) -> Result<(), PemError> {
    let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
    match certificates.next() {
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) | None => Err(PemError::NoCertificate),
    }
}

/// Returns reqwest's error as a [`PemError`].
fn unusable(error: reqwest::Error) -> PemError {
    PemError::Unusable(crate::TransportError::from_chain(&error).to_string())
}

impl fmt::Debug for RootCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootCertificates({} certificate(s))", self.0.len())
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientIdentity(***)")
    }
}
