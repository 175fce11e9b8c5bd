//! The assembly of rows from columns ("Dremel: Interactive Analysis of Web-Scale Datasets", sections 4 and 5).

use crate::column::{Column, Entry};
use crate::fault::{Fault, corrupt};
use crate::json;
use crate::physical::Value;
use crate::schema::{Field, Leaf, Node, Schema};

/// A fault, and the column that it is in.
pub(crate) type At<T> = Result<T, (usize, Fault)>;

/// A writer of rows.
pub(crate) struct Rows<'a> {
    pub(crate) leaves: &'a [Leaf],
    pub(crate) columns: &'a mut [Column],
    pub(crate) to: &'a mut Vec<u8>,
    /// The length of `to` that a row may not reach.
    pub(crate) end: usize,
}

impl Rows<'_> {
    /// Appends the next row, which all columns have loaded completely.
    pub(crate) fn row(&mut self, schema: &Schema) -> At<()> {
        self.fields(&schema.fields)?;
        // What a column has too much belongs to no row.
        for (index, column) in self.columns.iter().enumerate() {
            if column.current().is_some_and(|entry| entry.repetition != 0) {
                return Err((index, corrupt("a column has more elements than those beside it")));
            }
        }
        Ok(())
    }

    fn fields(&mut self, fields: &[Field]) -> At<()> {
        self.to.push(b'{');
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.to.push(b',');
            }
            self.to.extend_from_slice(&field.name);
            self.node(&field.node)?;
        }
        self.to.push(b'}');
        Ok(())
    }

    fn node(&mut self, node: &Node) -> At<()> {
        match node {
            Node::Leaf(index) => self.leaf(*index),
            Node::Group(fields) => self.fields(fields),
            Node::Optional {
                definition,
                leaves,
                inner,
            } => {
                if self.entry(leaves.start)?.definition >= *definition {
                    return self.node(inner);
                }
                self.to.extend_from_slice(b"null");
                self.absent(leaves.clone(), *definition)
            }
            Node::List {
                definition,
                repetition,
                leaves,
                element,
            } => {
                if self.entry(leaves.start)?.definition < *definition {
                    self.to.extend_from_slice(b"[]");
                    return self.absent(leaves.clone(), *definition);
                }
                self.to.push(b'[');
                self.node(element)?;
                while self.repeats(leaves.start, *repetition) {
                    self.to.push(b',');
                    self.node(element)?;
                }
                self.to.push(b']');
                Ok(())
            }
            Node::Map {
                definition,
                repetition,
                leaves,
                key,
                value,
            } => {
                if self.entry(leaves.start)?.definition < *definition {
                    self.to.extend_from_slice(b"{}");
                    return self.absent(leaves.clone(), *definition);
                }
                self.to.push(b'{');
                loop {
                    self.leaf(*key)?;
                    self.to.push(b':');
                    self.node(value)?;
                    if !self.repeats(leaves.start, *repetition) {
                        break;
                    }
                    self.to.push(b',');
                }
                self.to.push(b'}');
                Ok(())
            }
        }
    }

    fn entry(&self, leaf: usize) -> At<&Entry> {
        self.columns
            .get(leaf)
            .and_then(Column::current)
            .ok_or_else(|| (leaf, corrupt("a column has fewer values than those beside it")))
    }

    /// Returns whether the next entry is a further element.
    fn repeats(&self, leaf: usize, repetition: u32) -> bool {
        self.columns[leaf]
            .current()
            .is_some_and(|entry| entry.repetition == repetition)
    }

    /// Passes over a value that is absent in all of these columns.
    fn absent(&mut self, leaves: std::ops::Range<usize>, definition: u32) -> At<()> {
        self.check_len(leaves.start)?;
        for leaf in leaves {
            if self.entry(leaf)?.definition >= definition {
                return Err((
                    leaf,
                    corrupt("a column has a value where those beside it have none"),
                ));
            }
            self.columns[leaf].advance().map_err(|fault| (leaf, fault))?;
        }
        Ok(())
    }

    fn leaf(&mut self, index: usize) -> At<()> {
        let Entry { value, .. } = self.entry(index)?;
        let Some(value) = value else {
            return Err((
                index,
                corrupt("a column has no value where the schema requires one"),
            ));
        };
        let render = self.leaves[index].render;
        match value.clone() {
            Value::Boolean(true) => self.to.extend_from_slice(b"true"),
            Value::Boolean(false) => self.to.extend_from_slice(b"false"),
            Value::Int(value) => render.int(value, self.to),
            Value::Float(value) => json::float(value, self.to),
            Value::Double(value) => json::float(value, self.to),
            Value::Bytes(place, range) => {
                // A value can be as large as a page, and escaped it is larger.
                if range.len() > self.end.saturating_sub(self.to.len()) {
                    return Err((index, Fault::RowTooLong));
                }
                render.bytes(self.columns[index].bytes(place, range), self.to);
            }
        }
        self.check_len(index)?;
        self.columns[index].advance().map_err(|fault| (index, fault))
    }

    fn check_len(&self, leaf: usize) -> At<()> {
        if self.to.len() > self.end {
            return Err((leaf, Fault::RowTooLong));
        }
        Ok(())
    }
}
