//! Text that remembers from which line each of its characters comes.

/// Characters and the lines of the file (in a .docx: its paragraphs) on which they stand.
#[derive(Clone, Debug, Default)]
pub struct Text {
    text: String,
    /// Where a line begins: byte offset, line.
    starts: Vec<(usize, usize)>,
}

impl Text {
    pub fn plain(text: &str) -> Text {
        let mut out = Text::default();
        let mut line = 1;
        for c in text.chars() {
            out.push(c, line);
            if c == '\n' {
                line += 1;
            }
        }
        out
    }

    pub fn push(&mut self, c: char, line: usize) {
        if self.starts.last().is_none_or(|(_, last)| *last != line) {
            self.starts.push((self.text.len(), line));
        }
        self.text.push(c);
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Each character with its line.
    pub fn chars(&self) -> Vec<(char, usize)> {
        let mut starts = self.starts.iter().peekable();
        let mut line = 1;
        let indices = self.text.char_indices();
        indices
            .map(|(offset, c)| {
                while let Some((_, next)) = starts.next_if(|(start, _)| *start <= offset) {
                    line = *next;
                }
                (c, line)
            })
            .collect()
    }

    /// The line of the character at a byte offset.
    pub fn line(&self, offset: usize) -> usize {
        let after = self.starts.partition_point(|(start, _)| *start <= offset);
        let at = after
            .checked_sub(1)
            .and_then(|position| self.starts.get(position));
        at.map_or(1, |(_, line)| *line)
    }

    /// Running prose: white space is one space, a blank line one line break.
    pub fn prose(&self) -> Text {
        let mut out = Text::default();
        let (mut space, mut breaks) = (false, 0);
        for (c, line) in self.chars() {
            if c.is_whitespace() {
                space = true;
                breaks += usize::from(c == '\n');
                continue;
            }
            if space && !out.text.is_empty() {
                out.push(if breaks > 1 { '\n' } else { ' ' }, line);
            }
            (space, breaks) = (false, 0);
            out.push(c, line);
        }
        out
    }
}
