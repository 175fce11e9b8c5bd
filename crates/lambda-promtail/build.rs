//! Links the release binary without tables for unwinding.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "cargo speaks to a build script through the environment, and reads its standard output"
)]

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=link/no-unwinding.ld");
    // Decided by the profile's name: cargo does not pass the `panic` setting to a build script, and only the release
    // profile has `panic = "abort"`.
    let release = env::var("PROFILE").as_deref() == Ok("release");
    let linux = env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux");
    if release && linux {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/link/no-unwinding.ld");
        for argument in ["-Wl,--no-eh-frame-hdr".to_owned(), format!("-Wl,-T,{script}")] {
            println!("cargo::rustc-link-arg-bin=lambda-promtail={argument}");
        }
    }
}
