//! A page as plain values: what stands on it, not how it looks.

/// A whole page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// The question that it answers; may be empty.
    pub question: String,
    /// Parts in reading order.
    pub sections: Vec<Section>,
    /// Who made it: program and version.
    pub program: String,
}

/// A part with a heading of its own, listed in the contents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A part.
    pub fn new(title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self {
            title: title.into(),
            blocks,
        }
    }
}

/// One thing on a page. All text is plain: whatever it holds is shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading below that of the section.
    Heading(String),
    /// A paragraph; dois in it become links.
    Text(String),
    /// Points, one below the other.
    List(Vec<String>),
    /// Names and what is to be said about them.
    Facts(Vec<(String, String)>),
    /// A table.
    Table(Table),
    /// A figure.
    Figure(Picture),
    /// Text whose spaces and line breaks count.
    Code(String),
    /// Something long under a line that opens it.
    Folded(String, Vec<Block>),
}

/// A table: the first cell of a row names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Heads of the columns.
    pub heads: Vec<Head>,
    /// Cells; a short row ends in empty cells.
    pub rows: Vec<Vec<String>>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its words.
    pub words: String,
    /// Whether numbers stand below it.
    pub numbers: bool,
}

impl Table {
    /// A table without rows; heads that begin with `#` are those of numbers.
    /// ```
    /// # use insilin::report::Table;
    /// let table = Table::new("Peaks", &["quantity", "#value", "unit"]);
    /// assert!(table.heads[1].numbers && table.heads[1].words == "value");
    /// ```
    pub fn new(caption: impl Into<String>, heads: &[&str]) -> Self {
        let head = |words: &&str| Head {
            words: words.trim_start_matches('#').to_string(),
            numbers: words.starts_with('#'),
        };
        Self {
            caption: caption.into(),
            heads: heads.iter().map(head).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, cells: [&str; N]) {
        self.rows.push(cells.map(String::from).to_vec());
    }
}

/// A figure that is drawn already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// The drawing, as this program's renderer wrote it.
    pub svg: String,
    /// What it is.
    pub caption: String,
    /// What it shows, for those who do not see it.
    pub words: String,
}
