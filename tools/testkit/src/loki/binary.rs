//! The path of the installed Loki.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The pinned release. The installer reads the same file.
const VERSION: &str = include_str!("../../loki/version");

/// Returns the path in `LOKI_BIN`, or that of the binary in the cache.
pub(super) fn find() -> PathBuf {
    let chosen = variable("LOKI_BIN").map(PathBuf::from);
    let binary = chosen.unwrap_or_else(|| {
        let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.unwrap_or_else(|| Path::new(&variable("HOME").unwrap_or_default()).join(".cache"));
        cache
            .join("lambda-promtail")
            .join(format!("loki-{}", VERSION.trim()))
            .join("loki")
    });
    assert!(
        binary.is_file(),
        "there is no Loki at {}; this installs it, once: tools/testkit/loki/install",
        binary.display()
    );
    binary
}

/// Returns the value of a variable. As in the installer, an empty one counts as not set.
#[allow(
    clippy::disallowed_methods,
    reason = "not a setting of the function: the machine says where its cache is"
)]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
