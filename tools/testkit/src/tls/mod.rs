//! Private certificate authorities for tests, and the certificates that they sign.

mod acceptor;

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PublicKeyData,
};
use tokio_rustls::rustls::pki_types::CertificateDer;

pub(crate) use acceptor::TlsAcceptor;

/// The common names by certificate.
type Names = Arc<Mutex<HashMap<CertificateDer<'static>, String>>>;

/// A private certificate authority. Each has a different key and name.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
    clients: Names,
}

/// A client certificate and its key.
#[derive(Clone)]
pub struct ClientIdentity {
    /// The certificate, for `TLS_CLIENT_CERT`.
    pub certificate_pem: String,
    /// Its private key (PKCS #8), for `TLS_CLIENT_KEY`.
    pub key_pem: String,
}

impl Authority {
    /// Creates an authority with a self-signed certificate.
    #[allow(
        clippy::new_without_default,
        reason = "each is another one, which no default is"
    )]
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut hasher = DefaultHasher::new();
        key.der_bytes().hash(&mut hasher);
        let mut params = params(&format!("testkit authority {:016x}", hasher.finish()), &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, key).unwrap();
        Self {
            pem: issuer.pem(),
            issuer,
            clients: Names::default(),
        }
    }

    /// Returns the certificate of the authority, for `TLS_CA_CERT`.
    pub fn ca_pem(&self) -> &str {
        &self.pem
    }

    /// Signs a certificate for a client with the given name.
    pub fn client(&self, common_name: &str) -> ClientIdentity {
        let (certificate, key) = self.sign(params(common_name, &[]), ExtendedKeyUsagePurpose::ClientAuth);
        let mut names = self.clients.lock().unwrap();
        names.insert(certificate.der().clone(), common_name.to_owned());
        ClientIdentity {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        }
    }

    /// Signs a certificate for a server on the loopback.
    fn server(&self) -> (Certificate, KeyPair) {
        self.sign(
            params("testkit", &["127.0.0.1", "localhost"]),
            ExtendedKeyUsagePurpose::ServerAuth,
        )
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        purpose: ExtendedKeyUsagePurpose,
    ) -> (Certificate, KeyPair) {
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![purpose];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("pem", &self.pem)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIdentity")
            .field("certificate_pem", &self.certificate_pem)
            .finish_non_exhaustive()
    }
}

/// Returns the parameters of a certificate for the given addresses and names.
fn params(common_name: &str, subjects: &[&str]) -> CertificateParams {
    let subjects: Vec<String> = subjects.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(subjects).unwrap();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params
}
