//! Settings, files and rules are read once at start.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io;
use std::sync::{Mutex, PoisonError};

use lambda_promtail::{Environment, Function, logging};

use crate::settings::ADDRESS;

/// An environment that counts how often each variable and each file is read.
struct Counted {
    variables: HashMap<&'static str, &'static str>,
    reads: Mutex<BTreeMap<String, usize>>,
}

impl Counted {
    fn count(&self, name: &str) {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        *reads.entry(name.to_owned()).or_default() += 1;
    }
}

impl Environment for Counted {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.count(name);
        self.variables.variable(name)
    }

    fn names(&self) -> Vec<String> {
        self.variables.names()
    }

    fn file(&self, path: &str) -> io::Result<String> {
        self.count(path);
        self.variables.file(path)
    }
}

#[tokio::test]
async fn each_file_and_each_rule_is_read_once_at_start() {
    let pem = testkit::tls::Authority::new().ca_pem().to_owned().leak();
    let environment = Counted {
        variables: [
            ADDRESS,
            ("TLS_CA_CERT", "/ca.pem"),
            ("/ca.pem", pem),
            ("RELABEL_CONFIGS", r#"[{"action": "labeldrop", "regex": "x"}]"#),
            ("LOKI_STAGE_CONFIGS", r#"[{"regex": {"expression": "(?P<a>x)"}}]"#),
            ("LOG_LEVEL", "warn"),
        ]
        .into(),
        reads: Mutex::default(),
    };
    // Another test of this process may have started logging.
    let _ = logging::start_to(&environment, io::sink);
    Function::from_environment(&environment).unwrap();
    let reads = environment.reads.into_inner().unwrap();
    for name in ["/ca.pem", "TLS_CA_CERT", "RELABEL_CONFIGS", "LOKI_STAGE_CONFIGS"] {
        assert_eq!(reads.get(name), Some(&1), "{name}");
    }
    let twice: Vec<&String> = reads
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(twice, ["LOG_LEVEL"], "logging reads it before the rest");
}
