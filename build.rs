//! Turns `proto/` into Rust types. `crates/loki-push` names this file as its build script, and cargo
//! runs it in that crate's directory, hence the way up in the paths.

#![allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]

use std::io;
use std::path::Path;

const PROTO: &str = "../../proto";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={PROTO}");
    println!("cargo::rerun-if-changed=../../build.rs");
    let push = Path::new(PROTO).join("push.proto");
    // protox compiles in process: no protoc has to be installed.
    let descriptors = protox::compile([push], [PROTO]).map_err(io::Error::other)?;
    prost_build::Config::new().compile_fds(descriptors)
}
