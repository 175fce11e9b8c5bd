//! The columns of a file, and how they are nested.

use std::ops::Range;

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::Type;

use crate::json;
use crate::physical::Physical;
use crate::render::Render;

/// A column with values.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// The names of the groups around it and its own, with dots between them.
    pub(crate) path: String,
    pub(crate) physical: Physical,
    pub(crate) render: Render,
    /// The definition level of a value that is there.
    pub(crate) definition: u32,
    /// The largest repetition level.
    pub(crate) repetition: u32,
}

/// A part of a row.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// A value of the column with this index.
    Leaf(usize),
    Group(Vec<Field>),
    Optional {
        /// The definition level from which on the value is there.
        definition: u32,
        leaves: Range<usize>,
        inner: Box<Node>,
    },
    List {
        /// The definition level from which on there are elements.
        definition: u32,
        /// The repetition level of the elements after the first.
        repetition: u32,
        leaves: Range<usize>,
        element: Box<Node>,
    },
    /// A list of names and values, which becomes an object.
    Map {
        definition: u32,
        repetition: u32,
        leaves: Range<usize>,
        key: usize,
        value: Box<Node>,
    },
}

/// A member of a group.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The name in quotes, and a colon.
    pub(crate) name: Vec<u8>,
    pub(crate) node: Node,
}

/// The schema of a file.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) fields: Vec<Field>,
    pub(crate) leaves: Vec<Leaf>,
}

/// The levels at a place of the schema.
#[derive(Clone, Copy, Debug)]
struct Levels {
    definition: u32,
    repetition: u32,
}

impl Schema {
    /// Converts the schema. Its depth is limited by the check of the footer.
    pub(crate) fn of(root: &Type) -> Result<Self, String> {
        let mut schema = Self {
            fields: Vec::new(),
            leaves: Vec::new(),
        };
        let levels = Levels {
            definition: 0,
            repetition: 0,
        };
        let mut path = Vec::new();
        schema.fields = schema.fields_of(root, levels, &mut path)?;
        Ok(schema)
    }

    fn fields_of<'t>(
        &mut self,
        group: &'t Type,
        levels: Levels,
        path: &mut Vec<&'t str>,
    ) -> Result<Vec<Field>, String> {
        if group.get_fields().is_empty() {
            return Err(format!("the group {:?} has no columns", group.name()));
        }
        let fields = group.get_fields().iter().map(|field| {
            let mut name = Vec::new();
            json::string(field.name(), &mut name);
            name.push(b':');
            let node = self.node(field, levels, path)?;
            Ok(Field { name, node })
        });
        fields.collect()
    }

    fn node<'t>(&mut self, field: &'t Type, levels: Levels, path: &mut Vec<&'t str>) -> Result<Node, String> {
        path.push(field.name());
        let first = self.leaves.len();
        let definition = levels.definition + 1;
        let repetition = levels.repetition + 1;
        let node = match repetition_of(field) {
            Repetition::REQUIRED => self.body(field, levels, path)?,
            Repetition::OPTIONAL => {
                let inner = self.body(field, Levels { definition, ..levels }, path)?;
                Node::Optional {
                    definition,
                    leaves: first..self.leaves.len(),
                    inner: Box::new(inner),
                }
            }
            Repetition::REPEATED => {
                let element = self.body(
                    field,
                    Levels {
                        definition,
                        repetition,
                    },
                    path,
                )?;
                Node::List {
                    definition,
                    repetition,
                    leaves: first..self.leaves.len(),
                    element: Box::new(element),
                }
            }
        };
        path.pop();
        Ok(node)
    }

    /// Converts a column or group without its own repetition.
    fn body<'t>(&mut self, field: &'t Type, levels: Levels, path: &mut Vec<&'t str>) -> Result<Node, String> {
        let Type::PrimitiveType {
            physical_type,
            type_length,
            ..
        } = field
        else {
            return match only_repeated(field) {
                Some(repeated) if is_list(field) => self.list(field, repeated, levels, path),
                Some(repeated) if is_map(field) && is_key_value(repeated) => self.map(repeated, levels, path),
                _ => Ok(Node::Group(self.fields_of(field, levels, path)?)),
            };
        };
        let path = path.join(".");
        let Some(physical) = Physical::of(*physical_type, *type_length) else {
            return Err(format!("the column {path:?} has values of an impossible length"));
        };
        self.leaves.push(Leaf {
            render: Render::of(field, physical),
            path,
            physical,
            definition: levels.definition,
            repetition: levels.repetition,
        });
        Ok(Node::Leaf(self.leaves.len() - 1))
    }

    /// Converts a list, whose repeated group is not shown ("Lists" and "Backward-compatibility rules" in the Parquet
    /// format's "Logical Types").
    fn list<'t>(
        &mut self,
        list: &Type,
        repeated: &'t Type,
        levels: Levels,
        path: &mut Vec<&'t str>,
    ) -> Result<Node, String> {
        let levels = Levels {
            definition: levels.definition + 1,
            repetition: levels.repetition + 1,
        };
        let first = self.leaves.len();
        path.push(repeated.name());
        let inner = match repeated {
            Type::GroupType { fields, .. } => match &fields[..] {
                [only] => Some(only).filter(|_| {
                    repeated.name() != "array" && repeated.name().strip_suffix("_tuple") != Some(list.name())
                }),
                _ => None,
            },
            Type::PrimitiveType { .. } => None,
        };
        let element = match inner {
            Some(element) => self.node(element, levels, path)?,
            None => self.body(repeated, levels, path)?,
        };
        path.pop();
        Ok(Node::List {
            definition: levels.definition,
            repetition: levels.repetition,
            leaves: first..self.leaves.len(),
            element: Box::new(element),
        })
    }

    fn map<'t>(
        &mut self,
        repeated: &'t Type,
        levels: Levels,
        path: &mut Vec<&'t str>,
    ) -> Result<Node, String> {
        let levels = Levels {
            definition: levels.definition + 1,
            repetition: levels.repetition + 1,
        };
        let first = self.leaves.len();
        path.push(repeated.name());
        let [key, value] = repeated.get_fields() else {
            return Err("a map has other columns than a key and a value".to_owned());
        };
        path.push(key.name());
        self.body(key, levels, path)?;
        path.pop();
        let value = self.node(value, levels, path)?;
        path.pop();
        Ok(Node::Map {
            definition: levels.definition,
            repetition: levels.repetition,
            leaves: first..self.leaves.len(),
            key: first,
            value: Box::new(value),
        })
    }
}

fn repetition_of(field: &Type) -> Repetition {
    let info = field.get_basic_info();
    if info.has_repetition() {
        info.repetition()
    } else {
        Repetition::REQUIRED
    }
}

/// Returns the only field of a group, if it is repeated.
fn only_repeated(group: &Type) -> Option<&Type> {
    match group.get_fields() {
        [only] if repetition_of(only) == Repetition::REPEATED => Some(only),
        _ => None,
    }
}

fn is_list(group: &Type) -> bool {
    let info = group.get_basic_info();
    matches!(info.logical_type_ref(), Some(LogicalType::List)) || info.converted_type() == ConvertedType::LIST
}

fn is_map(group: &Type) -> bool {
    let info = group.get_basic_info();
    matches!(info.logical_type_ref(), Some(LogicalType::Map))
        || matches!(
            info.converted_type(),
            ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE
        )
}

/// Returns whether the group has a text as key, which can be the name of a member, and a value.
fn is_key_value(repeated: &Type) -> bool {
    match repeated {
        Type::GroupType { fields, .. } => match &fields[..] {
            [key, _] => {
                key.is_primitive()
                    && repetition_of(key) == Repetition::REQUIRED
                    && key.get_physical_type() == parquet::basic::Type::BYTE_ARRAY
                    && matches!(Render::of(key, Physical::Bytes), Render::Plain | Render::Text)
            }
            _ => false,
        },
        Type::PrimitiveType { .. } => false,
    }
}
