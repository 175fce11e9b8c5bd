//! The check of a footer before the `parquet` crate reads it.
//!
//! The crate takes the type of a field from its id, reserves memory for as many children as a group claims to have, and
//! follows the nesting of groups by recursion. This check makes sure that each field has the type that the crate
//! expects, so that both read the same, and that what the footer claims is there.

use crate::thrift::{Fault, Kind, Thrift};

/// The expected type of a value.
#[derive(Clone, Copy)]
enum Type {
    Bool,
    Byte,
    Int,
    Double,
    Binary,
    Struct(&'static Struct),
    List(&'static Type),
    /// Skipped by the crate, whatever it is.
    Any,
    /// Encrypted data.
    Encrypted,
}

/// The expected types of a struct's fields, by their ids.
struct Struct {
    what: What,
    fields: &'static [(i16, Type)],
}

/// The structs that are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    SchemaElement,
    ColumnChunk,
    Other,
}

const fn other(fields: &'static [(i16, Type)]) -> Struct {
    Struct {
        what: What::Other,
        fields,
    }
}

// The structs of parquet.thrift that the crate reads.
static FILE: Struct = other(&[
    (1, Type::Int),
    (2, Type::List(&Type::Struct(&SCHEMA_ELEMENT))),
    (3, Type::Int),
    (4, Type::List(&Type::Struct(&ROW_GROUP))),
    (5, Type::List(&Type::Struct(&KEY_VALUE))),
    (6, Type::Binary),
    (7, Type::List(&Type::Struct(&COLUMN_ORDER))),
    (8, Type::Encrypted),
    (9, Type::Binary),
]);
static SCHEMA_ELEMENT: Struct = Struct {
    what: What::SchemaElement,
    fields: &[
        (1, Type::Int),
        (2, Type::Int),
        (3, Type::Int),
        (4, Type::Binary),
        (CHILDREN, Type::Int),
        (6, Type::Int),
        (7, Type::Int),
        (8, Type::Int),
        (9, Type::Int),
        (10, Type::Struct(&LOGICAL_TYPE)),
    ],
};
static LOGICAL_TYPE: Struct = other(&[
    (1, Type::Struct(&EMPTY)),
    (2, Type::Struct(&EMPTY)),
    (3, Type::Struct(&EMPTY)),
    (4, Type::Struct(&EMPTY)),
    (5, Type::Struct(&DECIMAL)),
    (6, Type::Struct(&EMPTY)),
    (7, Type::Struct(&TIME)),
    (8, Type::Struct(&TIME)),
    (10, Type::Struct(&INTEGER)),
    (11, Type::Struct(&EMPTY)),
    (12, Type::Struct(&EMPTY)),
    (13, Type::Struct(&EMPTY)),
    (14, Type::Struct(&EMPTY)),
    (15, Type::Struct(&EMPTY)),
    (16, Type::Struct(&VARIANT)),
    (17, Type::Struct(&GEOMETRY)),
    (18, Type::Struct(&GEOMETRY)),
    (19, Type::Struct(&EMPTY)),
]);
static EMPTY: Struct = other(&[]);
static DECIMAL: Struct = other(&[(1, Type::Int), (2, Type::Int)]);
static TIME: Struct = other(&[(1, Type::Bool), (2, Type::Struct(&UNIT))]);
static UNIT: Struct = other(&[
    (1, Type::Struct(&EMPTY)),
    (2, Type::Struct(&EMPTY)),
    (3, Type::Struct(&EMPTY)),
]);
static INTEGER: Struct = other(&[(1, Type::Byte), (2, Type::Bool)]);
static VARIANT: Struct = other(&[(1, Type::Byte)]);
static GEOMETRY: Struct = other(&[(1, Type::Binary), (2, Type::Int)]);
static KEY_VALUE: Struct = other(&[(1, Type::Binary), (2, Type::Binary)]);
static COLUMN_ORDER: Struct = other(&[
    (1, Type::Struct(&EMPTY)),
    (2, Type::Struct(&EMPTY)),
    (3, Type::Struct(&EMPTY)),
]);
static ROW_GROUP: Struct = other(&[
    (1, Type::List(&Type::Struct(&COLUMN_CHUNK))),
    (2, Type::Int),
    (3, Type::Int),
    (4, Type::List(&Type::Struct(&SORTING_COLUMN))),
    (5, Type::Int),
    (6, Type::Int),
    (7, Type::Int),
]);
static SORTING_COLUMN: Struct = other(&[(1, Type::Int), (2, Type::Bool), (3, Type::Bool)]);
static COLUMN_CHUNK: Struct = Struct {
    what: What::ColumnChunk,
    fields: &[
        (1, Type::Binary),
        (2, Type::Int),
        (3, Type::Struct(&COLUMN_META_DATA)),
        (4, Type::Int),
        (5, Type::Int),
        (6, Type::Int),
        (7, Type::Int),
        (8, Type::Encrypted),
        (9, Type::Encrypted),
    ],
};
static COLUMN_META_DATA: Struct = other(&[
    (1, Type::Int),
    (2, Type::List(&Type::Int)),
    (3, Type::Any),
    (4, Type::Int),
    (5, Type::Int),
    (6, Type::Int),
    (7, Type::Int),
    (8, Type::Any),
    (9, Type::Int),
    (10, Type::Int),
    (11, Type::Int),
    (12, Type::Any),
    (13, Type::Any),
    (14, Type::Int),
    (15, Type::Int),
    (16, Type::Any),
    (17, Type::Struct(&GEOSPATIAL)),
]);
static GEOSPATIAL: Struct = other(&[(1, Type::Struct(&BOUNDING_BOX)), (2, Type::List(&Type::Int))]);
static BOUNDING_BOX: Struct = other(&[
    (1, Type::Double),
    (2, Type::Double),
    (3, Type::Double),
    (4, Type::Double),
    (5, Type::Double),
    (6, Type::Double),
    (7, Type::Double),
    (8, Type::Double),
]);

/// The id of the number of children in a schema element.
const CHILDREN: i16 = 5;
/// The deepest nesting of groups that is read.
const DEEPEST: usize = 32;
/// The memory that the crate takes for each element of the schema and for each column chunk, in bytes, rounded up.
const SIZE_OF_ELEMENT: usize = 512;
const SIZE_OF_CHUNK: usize = 768;
/// The most elements of all lists.
const MOST_ELEMENTS: u32 = 1 << 20;

/// A reason why a footer is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Corrupt(Fault),
    Encrypted,
    TooLarge,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Corrupt(fault)
    }
}

/// Checks that the crate can read this footer with at most `memory` bytes.
pub(crate) fn check(footer: &[u8], memory: usize) -> Result<(), Refusal> {
    let mut checker = Checker {
        thrift: Thrift::new(footer, MOST_ELEMENTS),
        children: Vec::new(),
        memory,
        refusal: None,
    };
    let checked = checker.fields(&FILE);
    if let Some(refusal) = checker.refusal {
        return Err(refusal);
    }
    checked?;
    tree(&checker.children).map_err(Refusal::Corrupt)
}

struct Checker<'a> {
    thrift: Thrift<'a>,
    /// The number of children of each schema element.
    children: Vec<usize>,
    memory: usize,
    /// A reason other than invalid bytes.
    refusal: Option<Refusal>,
}

impl Checker<'_> {
    fn fields(&mut self, expected: &Struct) -> Result<(), Fault> {
        match expected.what {
            What::SchemaElement => {
                self.take(SIZE_OF_ELEMENT)?;
                self.children.push(0);
            }
            What::ColumnChunk => self.take(SIZE_OF_CHUNK)?,
            What::Other => {}
        }
        let mut thrift = self.thrift.clone();
        let read = thrift.fields(|thrift, id, kind| {
            let Some((_, found)) = expected.fields.iter().find(|(known, _)| *known == id) else {
                return Ok(false);
            };
            std::mem::swap(&mut self.thrift, thrift);
            let read = if id == CHILDREN && expected.what == What::SchemaElement && kind == Kind::Int {
                self.children()
            } else {
                self.value(*found, kind)
            };
            std::mem::swap(&mut self.thrift, thrift);
            read.map(|()| true)
        });
        self.thrift = thrift;
        read
    }

    fn children(&mut self) -> Result<(), Fault> {
        let children = usize::try_from(self.thrift.int32()?)
            .map_err(|_| Fault::Invalid("a group has a negative number of columns"))?;
        if let Some(last) = self.children.last_mut() {
            *last = children;
        }
        Ok(())
    }

    fn value(&mut self, expected: Type, kind: Kind) -> Result<(), Fault> {
        match (expected, kind) {
            (Type::Struct(expected), Kind::Struct) => self.fields(expected),
            (Type::List(expected), Kind::List) => {
                let (size, kind) = self.thrift.list()?;
                for _ in 0..size {
                    self.value(*expected, kind)?;
                }
                Ok(())
            }
            (Type::Bool, Kind::True | Kind::False)
            | (Type::Byte, Kind::Byte)
            | (Type::Int, Kind::Int)
            | (Type::Double, Kind::Double)
            | (Type::Binary, Kind::Binary)
            | (Type::Any, _) => self.thrift.skip(kind, DEEPEST as u32),
            (Type::Encrypted, _) => {
                self.refusal = Some(Refusal::Encrypted);
                Err(Fault::Invalid("encrypted"))
            }
            _ => Err(Fault::Invalid("a field has another type than it should")),
        }
    }

    fn take(&mut self, bytes: usize) -> Result<(), Fault> {
        match self.memory.checked_sub(bytes) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => {
                self.refusal = Some(Refusal::TooLarge);
                Err(Fault::Invalid("too large"))
            }
        }
    }
}

/// Checks that the groups have the children that they claim, and are not nested too deeply.
fn tree(children: &[usize]) -> Result<(), Fault> {
    // The numbers of children that are missing from the groups around the next element.
    let mut open: Vec<usize> = Vec::new();
    for (index, children) in children.iter().enumerate() {
        while open.last() == Some(&0) {
            open.pop();
        }
        match open.last_mut() {
            Some(missing) => *missing -= 1,
            None if index == 0 => {}
            None => return Err(Fault::Invalid("the schema has more than one root")),
        }
        open.push(*children);
        if open.len() > DEEPEST {
            return Err(Fault::Invalid("columns are nested too deeply"));
        }
    }
    match open.iter().all(|missing| *missing == 0) {
        true => Ok(()),
        false => Err(Fault::Invalid("a group has fewer columns than it claims")),
    }
}
