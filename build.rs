//! Turns `proto/` into Rust types. `crates/loki-push` and `crates/aws-logs` name this file as their
//! build script, and cargo runs it in their directories, hence the way up in the paths. Each
//! includes the types that it needs.

#![allow(clippy::print_stdout, reason = "cargo reads a build script's standard output")]

use std::io;
use std::path::Path;

const PROTO: &str = "../../proto";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={PROTO}");
    println!("cargo::rerun-if-changed=../../build.rs");
    let files = ["push.proto", "kpl.proto"].map(|file| Path::new(PROTO).join(file));
    // protox compiles in process: no protoc has to be installed.
    let descriptors = protox::compile(files, [PROTO]).map_err(io::Error::other)?;
    prost_build::Config::new().compile_fds(descriptors)
}
