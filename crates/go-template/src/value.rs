//! The values of a template: the part of Go's values that its functions can create.

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use go_time::Time;

use crate::funcs::Version;

/// A value with its Go type, as `%T`, `eq` and the parameters of functions see it.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// An untyped nil, which is also the value of a missing key.
    Nil,
    Bool(bool),
    /// `int`
    Int(i64),
    /// `int64`
    Int64(i64),
    /// `uint8`, a byte of a string.
    Byte(u8),
    /// `float64`
    Float(f64),
    Text(Arc<str>),
    List(List),
    Dict(Dict),
    /// `time.Time`
    Time(Rc<Time>),
    /// `*semver.Version`
    Version(Rc<Version>),
}

/// An immutable slice.
#[derive(Clone, Debug)]
pub(crate) struct List {
    kind: ListKind,
    items: Rc<[Value]>,
    /// The number of levels of nested lists.
    depth: usize,
}

/// The Go type of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// `[]interface {}`
    Any,
    /// `[]string`
    Text,
    /// `[]int`
    Int,
    /// `[][]interface {}`
    Lists,
}

impl List {
    /// Returns a list of those items.
    pub(crate) fn new(kind: ListKind, items: Vec<Value>) -> Self {
        let depth = |item: &Value| match item {
            Value::List(list) => list.depth,
            _ => 0,
        };
        Self {
            depth: 1 + items.iter().map(depth).max().unwrap_or(0),
            kind,
            items: items.into(),
        }
    }

    /// Returns the Go type of the slice.
    pub(crate) fn kind(&self) -> ListKind {
        self.kind
    }

    /// Returns the items.
    pub(crate) fn items(&self) -> &[Value] {
        &self.items
    }

    /// Returns the number of levels of nested lists.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}

/// A mutable map with text keys in sorted order, in which Go's templates iterate. Clones share their entries.
#[derive(Clone, Debug)]
pub(crate) struct Dict(Rc<DictInner>);

#[derive(Debug)]
struct DictInner {
    text_only: bool,
    entries: RefCell<BTreeMap<Arc<str>, Value>>,
}

/// The entries of a dict.
pub(crate) type Entries = BTreeMap<Arc<str>, Value>;

impl Dict {
    /// Returns a dict of type `map[string]string` if `text_only`, and of type `map[string]interface {}` otherwise.
    ///
    /// Only [`Env::dict`](crate::env::Env::dict) calls this, because it keeps a list of all dicts.
    pub(crate) fn new(text_only: bool, entries: Entries) -> Self {
        Self(Rc::new(DictInner {
            text_only,
            entries: RefCell::new(entries),
        }))
    }

    /// Returns whether the type is `map[string]string`.
    pub(crate) fn text_only(&self) -> bool {
        self.0.text_only
    }

    /// Returns the value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        self.entries().get(key).cloned()
    }

    /// Returns the entries, which must not be changed while they are borrowed.
    pub(crate) fn entries(&self) -> Ref<'_, Entries> {
        self.0.entries.borrow()
    }

    /// Sets the value of a key.
    pub(crate) fn insert(&self, key: Arc<str>, value: Value) {
        self.0.entries.borrow_mut().insert(key, value);
    }

    /// Removes a key.
    pub(crate) fn remove(&self, key: &str) {
        self.0.entries.borrow_mut().remove(key);
    }

    /// Removes and returns all entries.
    pub(crate) fn take(&self) -> Entries {
        self.0.entries.take()
    }

    /// Returns whether both share their entries.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Value {
    /// Returns a text value.
    pub(crate) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Returns the type as `%T` shows it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Byte(_) => "uint8",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::List(list) => match list.kind {
                ListKind::Any => "[]interface {}",
                ListKind::Text => "[]string",
                ListKind::Int => "[]int",
                ListKind::Lists => "[][]interface {}",
            },
            Self::Dict(dict) if dict.text_only() => "map[string]string",
            Self::Dict(_) => "map[string]interface {}",
            Self::Time(_) => "time.Time",
            Self::Version(_) => "*semver.Version",
        }
    }

    /// Returns the kind as Go's package `reflect` names it.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::List(_) => "slice",
            Self::Dict(_) => "map",
            Self::Time(_) => "struct",
            Self::Version(_) => "ptr",
            other => other.type_name(),
        }
    }

    /// Returns whether `if` takes the value as true.
    pub(crate) fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) | Self::Int64(value) => *value != 0,
            Self::Byte(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(list) => !list.items.is_empty(),
            Self::Dict(dict) => !dict.entries().is_empty(),
            Self::Time(_) | Self::Version(_) => true,
        }
    }
}
