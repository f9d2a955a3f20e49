//! Stubs of the disclosures that are still owed: what was found is filled in, why is the author's to say.

use crate::record::{Deviation, Record};

/// `disclosures:` with an entry for each undisclosed deviation. What is left empty is refused until it is filled in.
pub fn draft(record: &Record) -> String {
    let open: Vec<&Deviation> = record.deviations.iter().filter(|d| !d.disclosed).collect();
    if open.is_empty() {
        return String::from("disclosures: []      # nothing is left to disclose\n");
    }
    let mut out = String::from("disclosures:\n");
    for d in open {
        out.push_str(&format!("  # {}\n", one_line(&d.message)));
        let flips: Vec<String> = d
            .alone
            .iter()
            .flat_map(|alone| &alone.flips)
            .map(|f| {
                format!(
                    "{} from {} to {}",
                    f.hypothesis,
                    f.as_registered.word(),
                    f.with.word()
                )
            })
            .collect();
        if !flips.is_empty() {
            out.push_str(&format!(
                "  # by itself it flips {}\n",
                one_line(&flips.join(", "))
            ));
        }
        out.push_str(&format!("  - deviation: {} {}\n", d.code, d.slug));
        out.push_str(&format!("    of: '{}'\n", one_line(&d.of).replace('\'', "''")));
        out.push_str(
            "    reason:              # typo | plan_not_possible | plan_not_appropriate | new_knowledge | reviewer | miscommunication
    decided:             # before_collection | during_collection | before_access | after_access | after_results
    explanation:         # why, in a sentence
    impact:              # what it means for the reader's conclusion
",
        );
    }
    out
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
