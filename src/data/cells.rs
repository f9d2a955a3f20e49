//! A column's cells as text, packed end to end: a million short cells are a few allocations, not a million.

/// Texts in their order. An empty cell is an empty text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    pieces: Vec<Piece>,
    /// In all pieces but the last.
    before: usize,
}

/// A run of cells with where each ends in their common text.
#[derive(Clone, Debug, Default, PartialEq)]
struct Piece {
    text: String,
    ends: Vec<u32>,
}

impl Piece {
    fn get(&self, row: usize) -> Option<&str> {
        let end = *self.ends.get(row)?;
        let start = match row.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start as usize..end as usize)
    }
}

impl Cells {
    pub fn push(&mut self, cell: &str) {
        if self.pieces.last().is_none_or(|p| end(p, cell).is_none()) {
            self.before = self.len();
            self.pieces.push(Piece::default());
        }
        // A cell of 4 GB would not fit even alone: no reader has one.
        if let Some(piece) = self.pieces.last_mut() {
            let (cell, end) = end(piece, cell).map_or(("", piece.text.len() as u32), |end| (cell, end));
            piece.text.push_str(cell);
            piece.ends.push(end);
        }
    }

    pub fn len(&self) -> usize {
        self.before + self.pieces.last().map_or(0, |p| p.ends.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, mut row: usize) -> Option<&str> {
        for piece in &self.pieces {
            match row.checked_sub(piece.ends.len()) {
                Some(rest) => row = rest,
                None => return piece.get(row),
            }
        }
        None
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().flat_map(|piece| {
            let mut start = 0;
            piece.ends.iter().map(move |end| {
                let cell = piece.text.get(start as usize..*end as usize);
                start = *end;
                cell.unwrap_or_default()
            })
        })
    }

    /// These cells, then `more`.
    pub fn append(&mut self, more: Cells) {
        let len = self.len() + more.len();
        self.pieces.extend(more.pieces);
        self.before = len - self.pieces.last().map_or(0, |p| p.ends.len());
    }
}

/// Where a cell would end in a piece, if it fits.
fn end(piece: &Piece, cell: &str) -> Option<u32> {
    u32::try_from(piece.text.len().checked_add(cell.len())?).ok()
}

impl<'a> FromIterator<&'a str> for Cells {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Cells {
        let mut cells = Cells::default();
        texts.into_iter().for_each(|t| cells.push(t));
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_whatever_the_pieces() {
        let texts = ["a", "", "größe", "", "two\nlines", "z"];
        for cut in 0..=texts.len() {
            let mut cells: Cells = texts[..cut].iter().copied().collect();
            cells.append(texts[cut..].iter().copied().collect());
            assert_eq!(cells.iter().collect::<Vec<_>>(), texts, "{cut}");
            assert_eq!(cells.len(), texts.len());
            for (row, text) in texts.iter().enumerate() {
                assert_eq!(cells.get(row), Some(*text), "{cut} {row}");
            }
            assert_eq!(cells.get(texts.len()), None);
            cells.push("more");
            assert_eq!((cells.len(), cells.get(texts.len())), (7, Some("more")));
        }
        assert!(Cells::default().is_empty());
    }
}
