//! Files of formats that are not read, told by their first bytes or their name, each with the way to one that is.

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;

struct Foreign {
    /// What the file begins with; nothing where its name alone tells.
    mark: &'static [u8],
    /// How its name ends; empty where its first bytes alone tell.
    ending: &'static str,
    what: &'static str,
    help: &'static str,
}

const R: &str = "R's own format can hold code and is read by R alone; write the data frame from R: `write.csv(df, \"data.csv\", \
    row.names = FALSE)`, `arrow::write_parquet(df, \"data.parquet\")`, or, with value labels, `haven::write_dta(df, \"data.dta\")`";
const SAS: &str =
    "export it as CSV, or from R: `haven::write_dta(haven::read_sas(\"data.sas7bdat\"), \"data.dta\")`";
const UNPACK: &str = "unpack it, and name the file inside under `data.path`";

const fn foreign(
    mark: &'static [u8],
    ending: &'static str,
    what: &'static str,
    help: &'static str,
) -> Foreign {
    Foreign {
        mark,
        ending,
        what,
        help,
    }
}

/// The first that applies is meant.
const ALL: [Foreign; 17] = [
    foreign(b"", ".rds", "an R object", R),
    foreign(b"", ".rda", "an R workspace", R),
    foreign(b"", ".rdata", "an R workspace", R),
    foreign(b"RDX2\n", "", "an R workspace", R),
    foreign(b"RDX3\n", "", "an R workspace", R),
    foreign(b"X\n\0\0", "", "an R object", R),
    foreign(
        b"\xD0\xCF\x11\xE0",
        "",
        "an old Excel workbook (.xls)",
        "save it as .xlsx or CSV",
    ),
    foreign(b"", ".xlsb", "a binary Excel workbook", "save it as .xlsx or CSV"),
    foreign(
        b"",
        ".ods",
        "an OpenDocument spreadsheet",
        "save it as .xlsx or CSV",
    ),
    foreign(b"", ".por", "a portable SPSS file", "save it as .sav or CSV"),
    foreign(b"", ".sas7bdat", "a SAS file", SAS),
    foreign(b"", ".xpt", "a SAS transport file", SAS),
    foreign(b"PK\x03\x04", ".zip", "a zip archive", UNPACK),
    foreign(b"\x1F\x8B", "", "compressed (gzip)", UNPACK),
    foreign(b"BZh", "", "compressed (bzip2)", UNPACK),
    foreign(b"\xFD7zXZ", "", "compressed (xz)", UNPACK),
    foreign(b"", ".json", "JSON", "export it as CSV"),
];

/// # Errors
/// A001 for a file of such a format.
pub(super) fn refuse(source: &Source) -> Result<(), Diagnostic> {
    let name = source.name.to_ascii_lowercase();
    let found = ALL
        .iter()
        .find(|f| source.bytes.starts_with(f.mark) && name.ends_with(f.ending));
    match found {
        None => Ok(()),
        Some(foreign) => {
            let message = format!("{} is {}, which is not read", source.name, foreign.what);
            Err(Diagnostic::error(codes::DATA_SYNTAX, message)
                .at(Place::file(&source.name))
                .help(foreign.help))
        }
    }
}
