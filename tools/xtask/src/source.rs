//! The source files of the workspace.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// The folders that hold sources, relative to the top of the workspace.
const FOLDERS: [&str; 4] = ["crates", "tools", "patches", "fuzz"];

/// A source file.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// The path relative to the top of the workspace.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A place in a source file that a check found.
#[derive(Debug)]
pub(crate) struct Finding {
    path: PathBuf,
    line: usize,
    text: String,
}

impl SourceFile {
    /// Returns a finding in this file; lines count from 1.
    pub(crate) fn finding(&self, line: usize, text: &str) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            text: text.trim().to_owned(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.text)
    }
}

/// Reads all Rust files of the workspace, sorted by path.
pub(crate) fn rust_files() -> io::Result<Vec<SourceFile>> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let mut paths = Vec::new();
    for folder in FOLDERS.map(|folder| top.join(folder)) {
        if folder.is_dir() {
            collect(&folder, &mut paths)?;
        }
    }
    paths.sort();
    paths.into_iter().map(|path| read(&top, &path)).collect()
}

fn read(top: &Path, path: &Path) -> io::Result<SourceFile> {
    let text = fs::read_to_string(path)?;
    let path = path.strip_prefix(top).unwrap_or(path).to_owned();
    Ok(SourceFile { path, text })
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            // `target` holds generated sources.
            if !path.ends_with("target") {
                collect(&path, paths)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    Ok(())
}
