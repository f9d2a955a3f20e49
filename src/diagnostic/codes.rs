//! Every code that is not a deviation: permanent, append-only (`tests/codes.txt`).
//! A number for papers and a slug for people. Deviations carry theirs in their rule's file.

use serde::Serialize;

/// A permanent identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Code {
    #[serde(rename = "code")]
    pub id: &'static str,
    pub slug: &'static str,
    /// One paragraph: what it means, why it matters, what to do.
    #[serde(skip)]
    pub page: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal $slug:literal $page:literal;)*) => {
        $(pub const $name: Code = Code { id: $id, slug: $slug, page: $page };)*
        /// All of them, in order.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    UNREADABLE_FILE = "S001" "unreadable-file" "A file that the study names cannot be read. Paths are relative to the file that names them.";
    FILE_TOO_LARGE = "S002" "file-too-large" "A file is larger than this kind of file can sensibly be, and was not read. YAML files may have 4 MB, data files 4 GB.";
    NOT_UTF8 = "S003" "not-utf8" "The file is not text in the encoding that it must have: UTF-8 for YAML, for data files the one that the pipeline names or that the bytes show.";
    YAML_SYNTAX = "S004" "yaml-syntax" "The file is not YAML as this program reads it: one document, no anchors, aliases, merge keys or tags, at most 64 levels deep.";
    DUPLICATE_KEY = "S005" "duplicate-key" "A key stands twice in one mapping. Many YAML readers keep the last one silently; a registration that says two things says nothing.";
    UNKNOWN_KEY = "S006" "unknown-key" "A key that this format does not know. Both files are closed, so that a misspelt key cannot be passed over.";
    MISSING_KEY = "S007" "missing-key" "A key without which the file has no single meaning.";
    WRONG_TYPE = "S008" "wrong-type" "A value of another kind than expected: text where a number belongs, a quoted number, a list where a mapping belongs.";
    UNKNOWN_WORD = "S009" "unknown-word" "A word that is none of the allowed ones for this key.";
    OUT_OF_DOMAIN = "S010" "out-of-domain" "A number or date outside what its key can mean, such as an alpha of 1.5.";
    UNKNOWN_VARIABLE = "S011" "unknown-variable" "A name that is neither a variable nor a derived variable of the codebook.";
    UNKNOWN_LEVEL = "S012" "unknown-level" "A level that the codebook does not give to this factor.";
    UNKNOWN_TEST = "S013" "unknown-test" "A test, or family of tests, that the registration does not define.";
    UNKNOWN_MODEL = "S014" "unknown-model" "A model that the registration does not define.";
    CYCLIC_DERIVATION = "S015" "cyclic-derivation" "Derived variables that need each other, or one that needs a later one. They are computed in order.";
    BAD_EXPRESSION = "S016" "bad-expression" "An expression that cannot be read, compares a number with text, or uses what expressions do not have: functions, subqueries, wildcards.";
    BAD_FORMULA = "S017" "bad-formula" "A model formula that cannot be read or that uses something this version does not have.";
    BAD_CONTRAST = "S018" "bad-contrast" "A contrast that cannot be read as a linear combination of levels.";
    CONTRAST_NOT_ZERO = "S019" "contrast-not-zero" "The weights of a contrast do not sum to zero, so that it compares nothing: it mixes a difference with a level.";
    BAD_DECISION_RULE = "S020" "bad-decision-rule" "A decision rule that cannot be read. Rules combine test ids with and, or, not, all(), any() and at_least().";
    UNREACHABLE_RULE = "S021" "unreachable-rule" "A decision rule that comes out the same whatever the tests say, or two rules of a hypothesis that can hold at once. Neither can be tested by data.";
    TEST_IN_TWO_FAMILIES = "S022" "test-in-two-families" "A test stands in two families, so that its adjusted p-value is ambiguous.";
    MISSING_RULE_ABSENT = "S023" "missing-rule-absent" "A model uses a role for which no rule for missing values is registered.";
    CONVENTION = "S024" "convention-applied" "The registration leaves something open for which this program has a stated convention. Write it down to make it a promise.";
    UNUSED = "S025" "unused" "Something is registered but nothing uses it: a test outside every decision rule, a model without a test.";
    UNREGISTERED_MAPPING = "S026" "mapping-of-nothing" "The pipeline maps a name that the registration does not have.";
    NOT_SUPPORTED = "S027" "not-supported" "The format knows this, but this version of the program cannot run it. It refuses rather than run something else.";
    EXPECTATION = "S028" "bad-expectation" "The registration's `expected` block names a coefficient that its outcome's levels and factors do not give, or lacks what a draw needs.";
    DISCLOSURE_UNMATCHED = "S029" "disclosure-unmatched" "A disclosure names a deviation that this run did not find. Remove it, or correct its code and `of`.";
    PATH_OUTSIDE = "S030" "path-outside" "A path is absolute or leaves the study's folder, so that the study could not be archived or moved.";
    POST_TREATMENT = "S031" "post-treatment-exclusion-planned" "A registered exclusion uses a variable measured after treatment. It compares groups that treatment itself may have formed.";
    INCOMPATIBLE = "S032" "incompatible" "Choices that do not go together: a clustered variance without a cluster, a leverage correction outside linear models, classical errors under probability weights. Programs that run them return something else under the name.";
    EXPLORATORY_NAME = "S033" "exploratory-name" "An exploratory analysis has the name of something registered, or reaches into it. A registered test is changed under `analysis:`, where the change is seen; exploration stands beside the plan, under names of its own.";

    LOCK_UNREADABLE = "L001" "lock-unreadable" "The lock file cannot be read as a lock of a format that this program knows.";
    LOCK_BROKEN = "L002" "lock-broken" "The lock does not agree with itself: a digest in it is not the digest of what it holds. It was edited after it was written.";
    LOCK_EXISTS = "L003" "lock-exists" "There is a lock already. A change to a locked registration is an amendment, with a reason.";
    LOCK_UNCHANGED = "L004" "lock-unchanged" "Nothing differs from the lock, so there is nothing to amend.";

    DATA_SYNTAX = "A001" "data-syntax" "The data file cannot be read as the format it is said to be.";
    DATA_EMPTY = "A002" "data-empty" "The data file holds no rows. Export it again; a study without rows cannot be run.";
    COLUMN_MISSING = "A003" "column-missing" "A registered variable has no column in the data file. Map it under `data.columns`.";
    COLUMN_DUPLICATE = "A004" "column-duplicate" "Two columns of the data file have one name, and a registered variable needs it.";
    NOT_A_NUMBER = "A005" "not-a-number" "A cell of a numeric variable holds text. Declare codes for missing values under `data.missing_codes`, or map the values.";
    NOT_A_DATE = "A006" "not-a-date" "A cell of a variable whose role is `time` is not a date.";
    RAGGED_ROW = "A007" "ragged-row" "A row has more or fewer fields than the header.";
    UNUSED_MAPPING = "A008" "unused-mapping" "A mapping under `data.values` or `data.missing_codes` matched no cell.";
    DUPLICATE_ID = "A009" "duplicate-id" "The unit's identifier occurs twice although the design has one row a unit.";

    READ_AS = "A010" "read-as" "The data file does not say how it is to be read, and its reader told it from the bytes. Name it under `data` to make it certain.";
    AMBIGUOUS_LABEL = "A011" "ambiguous-label" "A cell stands for one level by its name and for another by a label, so that reading it would be a guess. Map it under `data.values`.";
    AMBIGUOUS_DECIMAL = "A012" "ambiguous-decimal" "Numbers have a comma that may be a decimal one or may separate thousands. Name it under `data`: `decimal: comma` or `point`.";
    PERSONAL = "A013" "personal-data" "A column looks as if it identified people: e-mail or IP addresses, coordinates, names, worker ids. Remove it before the file is published.";
    PATTERN = "A014" "pattern-mismatch" "Cells do not match the pattern that is registered for their variable, or are no whole numbers where these are registered.";
    CODEBOOK = "A015" "not-in-codebook" "Cells that the codebook does not know: levels that are not registered, numbers beyond the registered scale. In a run they are deviations.";
    TEST_RESPONSE = "A016" "test-response" "The file holds responses that its survey platform marks as previews, tests or spam, and they are analysed. Whether they leave is for a registered exclusion to say.";
    UNCLEAR_MARK = "A017" "unclear-mark" "A cell that says what was ticked, chosen or named holds something that may mean more than one thing, such as a code for a question that was not answered.";
    JOIN_KEY = "A018" "join-key" "The key by which a file is joined to the data occurs twice where it must be unique, or matches no row at all. Which row is meant would be a guess.";
    JOIN_UNMATCHED = "A019" "join-unmatched" "Rows of the data have no partner in a joined file, or rows of that file are nobody's. Rows of the data stay, with empty cells.";
    ID_ROUNDED = "A020" "id-rounded" "Identifiers stand in the file as numbers that are too large to be told apart, or as `9.0072E+15`. Several people may have become one; export them as text.";

    RANK_DEFICIENT = "E001" "rank-deficient" "Columns of the model are linear combinations of others, so that its coefficients are not determined. No term is dropped to get a number.";
    TOO_FEW_ROWS = "E002" "too-few-rows" "The model has no more rows than columns, so that nothing is left to estimate its errors from.";
    LEVERAGE_ONE = "E003" "leverage-one" "A row is fitted exactly (leverage 1), and HC2 and HC3 divide by one minus leverage.";
    CONSTANT_OUTCOME = "E004" "constant-outcome" "The outcome is the same in every row, so that nothing can explain it and no error can be estimated.";
    LEVEL_EMPTY = "E005" "level-empty" "A level that a test names does not occur among the analysed rows.";
    NOT_FINITE = "E006" "not-finite" "A value that enters the model is infinite, or a result is.";
    MISSING_FAILS = "E007" "missing-fails" "Values are missing where the registered rule is `fail`, or where no rule is registered.";
    ESTIMAND_ABSENT = "E008" "estimand-absent" "The model has no such coefficient or term, or a variable that it needs is not in the data.";
    NO_VARIATION = "E009" "no-variation" "The standard error is zero, or the model fits every row exactly: there is nothing to test against.";
    SEPARATION = "E010" "separation" "A combination of the model's columns predicts the outcome perfectly, so that its coefficient has no finite estimate.";
    NO_CONVERGENCE = "E011" "no-convergence" "The iterations did not come to rest at a maximum of the likelihood.";
    FEW_CLUSTERS = "E012" "few-clusters" "There are too few clusters to estimate their errors from.";
    BAD_WEIGHT = "E013" "bad-weight" "A weight is negative, infinite or, for frequency weights, no whole number.";
    BAD_OUTCOME = "E014" "bad-outcome" "The outcome has a value that the estimator cannot have: other than 0 and 1 in a binary model, negative or fractional in a count model.";
    NOT_DEFINED = "E015" "not-defined" "The quantity or its error is not defined for this model on these data.";

    P_INCONSISTENT = "C009" "p-inconsistent" "A printed p does not follow from the printed statistic and degrees of freedom, whichever way they were rounded. One of the three is wrong, or the test is one-sided and not called so.";
    DECISION_INCONSISTENT = "C010" "decision-inconsistent" "A printed p does not follow from the printed statistic and degrees of freedom, and what follows from them is on the other side of 5%.";
    MANUSCRIPT_UNREADABLE = "C011" "manuscript-unreadable" "A manuscript cannot be read: it is of a kind that this program does not know, it is damaged, or it unpacks to more text than any manuscript has.";
    NO_RESULT = "C012" "no-result" "Nothing in the file is a result or a table that can be read, so that nothing was checked.";

    BUNDLE_UNREADABLE = "V001" "bundle-unreadable" "The bundle cannot be read as one: it is no zip, it is damaged, or its container was changed after it was packed.";
    BUNDLE_UNSAFE = "V002" "bundle-unsafe" "The bundle holds an entry that could write outside its folder, a link, a duplicate name, or more than its size claims.";
    DIGEST_MISMATCH = "V003" "digest-mismatch" "A file's SHA-256 is not the one in the manifest, or its bytes are damaged.";
    MEMBER_UNLISTED = "V004" "member-unlisted" "The bundle holds a file that its manifest does not list, or lacks one that it lists.";
    NUMBER_MISMATCH = "V005" "number-differs" "A number of the re-run differs from the record by more than the printed tolerance.";
    RECORD_MISMATCH = "V006" "record-differs" "The re-run's account differs from the record's in something that is not a number.";
    CANNOT_WRITE = "V007" "cannot-write" "A file could not be written. Nothing half-written was left.";
}
