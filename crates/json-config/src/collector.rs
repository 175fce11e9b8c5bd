//! The collection of errors while a configuration is read.

use std::cell::RefCell;

use crate::{Diagnostic, Diagnostics, Place};

/// A marker for an error that was added to a [`Collector`].
#[derive(Clone, Copy, Debug)]
pub struct Reported;

/// A list of errors that is being collected.
#[derive(Debug)]
pub struct Collector<K>(RefCell<Vec<Diagnostic<K>>>);

impl<K> Default for Collector<K> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K> Collector<K> {
    /// Adds an error.
    pub fn report(&self, place: &Place, kind: K) -> Reported {
        let place = place.to_string();
        self.0.borrow_mut().push(Diagnostic { place, kind });
        Reported
    }

    /// Returns the collected errors, if there are any.
    pub fn into_result(self) -> Result<(), Diagnostics<K>> {
        match self.0.into_inner() {
            errors if errors.is_empty() => Ok(()),
            errors => Err(Diagnostics(errors)),
        }
    }
}
