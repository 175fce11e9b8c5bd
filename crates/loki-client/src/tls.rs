//! Certificates of one's own.

use std::fmt;

use reqwest::{Certificate, Identity};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::{ExposeSecret, SecretString};

/// How a server's certificate is checked, and what is shown to the server.
#[derive(Clone, Debug, Default)]
pub struct TlsSettings {
    /// Whether any certificate is taken. For development only.
    pub skip_verify: bool,
    /// Who may have signed the server's certificate; without it, the authorities the system trusts.
    pub authorities: Option<RootCertificates>,
    /// Who pushes, for a server that asks for a certificate.
    pub identity: Option<ClientIdentity>,
}

/// Certificates of private authorities.
#[derive(Clone)]
pub struct RootCertificates(Vec<Certificate>);

/// A certificate and its private key.
#[derive(Clone)]
pub struct ClientIdentity(Identity);

/// Text that is not the PEM it should be. It never repeats the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// There is no certificate in it.
    #[error("no certificate in it; expected PEM: -----BEGIN CERTIFICATE----- ...")]
    NoCertificate,
    /// There is no private key in it.
    #[error("no private key in it; expected PEM: -----BEGIN PRIVATE KEY----- ...")]
    NoKey,
    /// What is in it cannot be used.
    #[error("cannot be used: {0}")]
    Unusable(String),
}

impl RootCertificates {
    /// Reads one certificate or more.
    ///
    /// # Errors
    /// When there is none, or one that cannot be read.
    pub fn from_pem(pem: &str) -> Result<Self, PemError> {
        check_certificates(pem)?;
        let certificates = Certificate::from_pem_bundle(pem.as_bytes());
        certificates.map(Self).map_err(unusable)
    }

    pub(crate) fn certificates(&self) -> impl Iterator<Item = Certificate> {
        self.0.iter().cloned()
    }
}

impl ClientIdentity {
    /// Reads a certificate, those that follow it in its chain, and its key.
    ///
    /// # Errors
    /// When one is missing or cannot be read.
    pub fn from_pem(certificate: &str, key: &SecretString) -> Result<Self, PemError> {
        check_certificates(certificate)?;
        Self::check_key(key)?;
        let both = SecretString::from(format!("{certificate}\n{}", key.expose_secret()));
        let identity = Identity::from_pem(both.expose_secret().as_bytes());
        identity.map(Self).map_err(unusable)
    }

    /// Whether there is a private key.
    ///
    /// # Errors
    /// When there is none.
    pub fn check_key(key: &SecretString) -> Result<(), PemError> {
        let key = PrivateKeyDer::from_pem_slice(key.expose_secret().as_bytes());
        key.map(drop).map_err(|_| PemError::NoKey)
    }

    pub(crate) fn identity(&self) -> Identity {
        self.0.clone()
    }
}

fn check_certificates(pem: &str) -> Result<(), PemError> {
    let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
    match certificates.next() {
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) | None => Err(PemError::NoCertificate),
    }
}

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
