//! Sprig's functions for paths: Go's packages `path` and `path/filepath`, which are the same where `/` is the
//! separator.

use crate::funcs::{Function, Param, function};
use crate::value::Value;

use Param::Text;

pub(crate) const FUNCTIONS: &[Function] = &[
    function("base", &[Text], None, |env, args| env.text(base(args.text(0)))),
    function("osBase", &[Text], None, |env, args| env.text(base(args.text(0)))),
    function("dir", &[Text], None, |env, args| env.text(dir(args.text(0)))),
    function("osDir", &[Text], None, |env, args| env.text(dir(args.text(0)))),
    function("clean", &[Text], None, |env, args| env.text(clean(args.text(0)))),
    function("osClean", &[Text], None, |env, args| {
        env.text(clean(args.text(0)))
    }),
    function("ext", &[Text], None, |env, args| env.text(ext(args.text(0)))),
    function("osExt", &[Text], None, |env, args| env.text(ext(args.text(0)))),
    function("isAbs", &[Text], None, |_, args| {
        Ok(Value::Bool(args.text(0).starts_with('/')))
    }),
    function("osIsAbs", &[Text], None, |_, args| {
        Ok(Value::Bool(args.text(0).starts_with('/')))
    }),
];

/// Returns the last element of a path.
fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let path = path.trim_end_matches('/');
    match path.rsplit('/').next() {
        Some("") | None => "/",
        Some(name) => name,
    }
}

/// Returns the path without its last element.
fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |at| &path[..=at]))
}

/// Returns the file name extension, with its dot.
fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |at| &name[at..])
}

/// Returns the shortest equivalent path.
fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => match names.last() {
                Some(&"..") | None if !absolute => names.push(".."),
                _ => {
                    names.pop();
                }
            },
            name => names.push(name),
        }
    }
    let joined = names.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
