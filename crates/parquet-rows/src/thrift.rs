//! A reader of Thrift's compact protocol, in which the footer and the headers of pages are written.
//!
//! The format is described in "Thrift Compact protocol encoding" of Apache Thrift.

/// A reason why bytes are not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes end too early.
    End,
    /// The bytes are not valid Thrift, or contain more than is read.
    Invalid(&'static str),
}

/// The largest number of values inside values.
const DEPTH: u32 = 24;

/// The type of a value, as written in the lower four bits of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    True,
    False,
    Byte,
    Int,
    Double,
    Binary,
    List,
    Map,
    Struct,
    Uuid,
}

impl Kind {
    fn of(code: u8) -> Result<Self, Fault> {
        Ok(match code {
            1 => Self::True,
            2 => Self::False,
            3 => Self::Byte,
            4..=6 => Self::Int,
            7 => Self::Double,
            8 => Self::Binary,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            13 => Self::Uuid,
            _ => return Err(Fault::Invalid("a value has an unknown type")),
        })
    }
}

/// A reader of one value after the other.
#[derive(Clone, Debug)]
pub(crate) struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The number of list elements that may still be read.
    elements: u32,
}

impl<'a> Thrift<'a> {
    /// Returns a reader that fails after `elements` elements of lists.
    pub(crate) fn new(bytes: &'a [u8], elements: u32) -> Self {
        Self {
            bytes,
            at: 0,
            elements,
        }
    }

    /// Returns the number of bytes read so far.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Reads the fields of a struct. `field` gets the id and type of each, and returns whether it has read the value;
    /// otherwise the value is skipped.
    pub(crate) fn fields(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, Kind) -> Result<bool, Fault>,
    ) -> Result<(), Fault> {
        let mut id = 0_i16;
        loop {
            let header = self.byte()?;
            if header & 0x0f == 0 {
                return Ok(());
            }
            let kind = Kind::of(header & 0x0f)?;
            id = match header >> 4 {
                0 => {
                    i16::try_from(self.int()?).map_err(|_| Fault::Invalid("a field has an impossible id"))?
                }
                delta => id
                    .checked_add(i16::from(delta))
                    .ok_or(Fault::Invalid("a field has an impossible id"))?,
            };
            if !field(self, id, kind)? {
                self.skip(kind, DEPTH)?;
            }
        }
    }

    /// Reads the header of a list, and returns the number and type of its elements.
    pub(crate) fn list(&mut self) -> Result<(u32, Kind), Fault> {
        let header = self.byte()?;
        let size = match header >> 4 {
            15 => self.varint()?,
            size => u64::from(size),
        };
        // Some writers give an empty list no type.
        if size == 0 {
            return Ok((0, Kind::Byte));
        }
        let kind = Kind::of(header & 0x0f)?;
        Ok((self.counted(size)?, kind))
    }

    /// Reads an integer of up to 64 bits.
    pub(crate) fn int(&mut self) -> Result<i64, Fault> {
        let coded = self.varint()?;
        Ok((coded >> 1).cast_signed() ^ -(coded & 1).cast_signed())
    }

    /// Reads an integer of up to 32 bits.
    pub(crate) fn int32(&mut self) -> Result<i32, Fault> {
        i32::try_from(self.int()?).map_err(|_| Fault::Invalid("an integer has more than 32 bits"))
    }

    /// Reads an unsigned integer in groups of seven bits.
    pub(crate) fn varint(&mut self) -> Result<u64, Fault> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Fault::Invalid("an integer has more than 64 bits"))
    }

    /// Reads past a value.
    pub(crate) fn skip(&mut self, kind: Kind, depth: u32) -> Result<(), Fault> {
        let depth = depth
            .checked_sub(1)
            .ok_or(Fault::Invalid("values are nested too deeply"))?;
        match kind {
            Kind::True | Kind::False => Ok(()),
            Kind::Byte => self.advance(1),
            Kind::Int => self.varint().map(drop),
            Kind::Double => self.advance(8),
            Kind::Uuid => self.advance(16),
            Kind::Binary => {
                let len = self.varint()?;
                self.advance(usize::try_from(len).map_err(|_| Fault::End)?)
            }
            Kind::List => {
                let (size, kind) = self.list()?;
                self.elements(size, kind, depth)
            }
            Kind::Map => {
                let size = self.varint()?;
                if size == 0 {
                    return Ok(());
                }
                let size = self.counted(size)?;
                let kinds = self.byte()?;
                let (key, value) = (Kind::of(kinds >> 4)?, Kind::of(kinds & 0x0f)?);
                for _ in 0..size {
                    self.elements(1, key, depth)?;
                    self.elements(1, value, depth)?;
                }
                Ok(())
            }
            Kind::Struct => loop {
                let header = self.byte()?;
                if header & 0x0f == 0 {
                    return Ok(());
                }
                if header >> 4 == 0 {
                    self.varint()?;
                }
                self.skip(Kind::of(header & 0x0f)?, depth)?;
            },
        }
    }

    fn elements(&mut self, size: u32, kind: Kind, depth: u32) -> Result<(), Fault> {
        for _ in 0..size {
            match kind {
                // A boolean is a byte only as an element.
                Kind::True | Kind::False => self.advance(1)?,
                kind => self.skip(kind, depth)?,
            }
        }
        Ok(())
    }

    /// Counts the elements of a list, each of which has at least one byte.
    fn counted(&mut self, size: u64) -> Result<u32, Fault> {
        if size > (self.bytes.len() - self.at) as u64 {
            return Err(Fault::End);
        }
        let size = u32::try_from(size).map_err(|_| Fault::End)?;
        self.elements = self
            .elements
            .checked_sub(size)
            .ok_or(Fault::Invalid("there are too many values in lists"))?;
        Ok(size)
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = *self.bytes.get(self.at).ok_or(Fault::End)?;
        self.at += 1;
        Ok(byte)
    }

    fn advance(&mut self, bytes: usize) -> Result<(), Fault> {
        let at = self.at.checked_add(bytes).ok_or(Fault::End)?;
        if at > self.bytes.len() {
            return Err(Fault::End);
        }
        self.at = at;
        Ok(())
    }
}
