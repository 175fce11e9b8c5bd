//! What a template computes with: the part of Go's values that its functions can make.

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use go_time::Time;

use crate::funcs::Version;

/// A value with the Go type that `%T`, `eq` and the functions' parameters see.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// An untyped nil, which is also what a missing key gives.
    Nil,
    Bool(bool),
    /// `int`
    Int(i64),
    /// `int64`
    Int64(i64),
    /// `uint8`: a byte of a string.
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

/// A slice. It never changes.
#[derive(Clone, Debug)]
pub(crate) struct List {
    kind: ListKind,
    items: Rc<[Value]>,
    /// How many lists it is deep.
    depth: usize,
}

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

    pub(crate) fn kind(&self) -> ListKind {
        self.kind
    }

    pub(crate) fn items(&self) -> &[Value] {
        &self.items
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}

/// A map with text keys, sorted as Go's templates visit them. All that hold it see a change.
#[derive(Clone, Debug)]
pub(crate) struct Dict(Rc<DictInner>);

#[derive(Debug)]
struct DictInner {
    text_only: bool,
    entries: RefCell<BTreeMap<Arc<str>, Value>>,
}

pub(crate) type Entries = BTreeMap<Arc<str>, Value>;

impl Dict {
    /// `map[string]interface {}`, or `map[string]string`, which is another type to Go.
    ///
    /// Only [`Env::dict`](crate::env::Env::dict) calls this: it has to know them all.
    pub(crate) fn new(text_only: bool, entries: Entries) -> Self {
        Self(Rc::new(DictInner {
            text_only,
            entries: RefCell::new(entries),
        }))
    }

    pub(crate) fn text_only(&self) -> bool {
        self.0.text_only
    }

    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        self.entries().get(key).cloned()
    }

    /// Nothing may change it while this is held.
    pub(crate) fn entries(&self) -> Ref<'_, Entries> {
        self.0.entries.borrow()
    }

    pub(crate) fn insert(&self, key: Arc<str>, value: Value) {
        self.0.entries.borrow_mut().insert(key, value);
    }

    pub(crate) fn remove(&self, key: &str) {
        self.0.entries.borrow_mut().remove(key);
    }

    /// What it holds, which it then no longer does.
    pub(crate) fn take(&self) -> Entries {
        self.0.entries.take()
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Value {
    pub(crate) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The type as `%T` shows it.
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

    /// The kind as Go's reflection names it.
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

    /// What `if` makes of it.
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
