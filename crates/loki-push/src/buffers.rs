//! Memory for batches.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use snap::raw::Encoder;

/// How many are kept: one that is filled, one that is compressed, what that is compressed into, and one to spare.
const KEPT: usize = 4;

/// Memory that batches were encoded and compressed in, kept for the next ones. Clones share it.
///
/// Memory that is given back to the system must be cleared by it before it is had again, page by page.
#[derive(Clone, Debug)]
pub struct Buffers {
    pool: Arc<Pool>,
    /// Larger ones, which a single long line needed, are not kept.
    capacity: usize,
}

#[derive(Debug, Default)]
struct Pool {
    free: Mutex<Vec<Vec<u8>>>,
    /// Its tables take 34 KiB.
    encoder: Mutex<Option<Box<Encoder>>>,
}

impl Buffers {
    /// For batches with bodies of so many bytes.
    pub fn new(batch_size: usize) -> Self {
        Self {
            pool: Arc::default(),
            // A buffer doubles as it grows.
            capacity: batch_size.saturating_mul(2),
        }
    }

    /// A buffer, with the memory of an earlier one if there is any, and with what was left in it: clearing
    /// what is written over costs time.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.free().pop().unwrap_or_default()
    }

    /// Keeps the memory, if it may be of use.
    pub(crate) fn give(&self, buffer: Vec<u8>) {
        let mut free = self.free();
        if buffer.capacity() > 0 && buffer.capacity() <= self.capacity && free.len() < KEPT {
            free.push(buffer);
        }
    }

    pub(crate) fn take_encoder(&self) -> Box<Encoder> {
        self.encoder().take().unwrap_or_else(|| Box::new(Encoder::new()))
    }

    pub(crate) fn give_encoder(&self, encoder: Box<Encoder>) {
        *self.encoder() = Some(encoder);
    }

    fn encoder(&self) -> MutexGuard<'_, Option<Box<Encoder>>> {
        self.pool.encoder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn free(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        // Buffers are whole at any time.
        self.pool.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_unless_it_is_too_much() {
        let buffers = Buffers::new(100);
        buffers.give(Vec::with_capacity(201));
        assert_eq!(buffers.take().capacity(), 0);
        buffers.give(Vec::with_capacity(200));
        assert_eq!(buffers.clone().take().capacity(), 200);
        for _ in 0..10 {
            buffers.give(Vec::with_capacity(10));
        }
        assert_eq!(buffers.free().len(), KEPT);
    }
}
