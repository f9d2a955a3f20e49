//! `asregistered explain`

use super::terminal::Terminal;
use crate::claims;
use crate::deviation::{self, RULES};
use crate::diagnostic::{codes, nearest};
use clap::Args;

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered explain D012
  asregistered explain exclusion-added
  asregistered explain                       list every code")]
pub(super) struct Arguments {
    /// A code or its slug
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let Some(name) = &arguments.code else {
        for code in codes::ALL {
            terminal.say(&format!("{} {}\n", code.id, code.slug));
        }
        for rule in RULES {
            terminal.say(&format!("{} {}\n", rule.code, rule.slug));
        }
        for rule in claims::RULES {
            terminal.say(&format!("{} {}\n", rule.code, rule.slug));
        }
        return Some(true);
    };
    let found = deviation::rule(name)
        .map(|rule| (rule.code, rule.slug, rule.page()))
        .or_else(|| claims::rule(name).map(|rule| (rule.code, rule.slug, rule.page())))
        .or_else(|| {
            let code = codes::ALL
                .iter()
                .find(|c| c.id.eq_ignore_ascii_case(name) || c.slug == name)?;
            Some((code.id, code.slug, code.page.to_owned()))
        });
    let Some((code, slug, page)) = found else {
        let all = codes::ALL.iter().flat_map(|c| [c.id, c.slug]);
        let deviations = RULES.iter().flat_map(|r| [r.code, r.slug]);
        let claims = claims::RULES.iter().flat_map(|r| [r.code, r.slug]);
        let near = nearest(name, all.chain(deviations).chain(claims));
        let help = near.map(|n| format!(" Did you mean {n}?")).unwrap_or_default();
        terminal.warn(&format!(
            "There is no code or slug '{}'.{help}\n",
            crate::diagnostic::clean(name)
        ));
        return None;
    };
    if terminal.json {
        let more = serde_json::json!({ "code": code, "slug": slug, "page": page });
        terminal.answer(Some(true), &[], more);
    } else {
        terminal.say(&format!(
            "{} {slug}\n\n{page}\n",
            terminal.palette.paint("1", code)
        ));
    }
    Some(true)
}
