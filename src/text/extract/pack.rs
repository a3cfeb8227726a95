//! How the trained tables are laid out in bytes.

/// Why a packed parser could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It is not laid out as it should be.
    #[error("the parser is damaged")]
    Damaged,
}

/// Writes a number, seven bits a byte, the least first.
pub(super) fn put_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes a text with its length before it.
pub(super) fn put_text(text: &str, out: &mut Vec<u8>) {
    put_number(text.len() as u64, out);
    out.extend(text.as_bytes());
}

/// Reads numbers, texts and bytes one after the other.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn number(&mut self) -> Result<u64, PackError> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(PackError::Damaged)?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(PackError::Damaged)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'b [u8], PackError> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(PackError::Damaged)?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(super) fn text(&mut self) -> Result<&'b str, PackError> {
        let length = self.number()? as usize;
        str::from_utf8(self.bytes(length)?).map_err(|_not_text| PackError::Damaged)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }
}
