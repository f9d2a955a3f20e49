# The same sixty people as six survey platforms and spreadsheet programs write them, and what R makes of them.
# usage: Rscript make.R, in this folder. R 4.2.2, estimatr 1.0.0. The people are drawn, not real.
library(estimatr)
set.seed(20241104)
n <- 60
people <- data.frame(
  person = sprintf("R_%04d", seq_len(n)),
  when = format(as.POSIXct("2024-11-04 09:00:00", tz = "UTC") + seq_len(n) * 1733, "%Y-%m-%d %H:%M:%S"),
  arm = sample(rep(c("control", "letter", "visit"), n / 3)),
  stringsAsFactors = FALSE)
people$approval <- pmin(7, pmax(1, round(4 + (people$arm == "visit") + rnorm(n, sd = 1.4))))
people$thermometer <- round(pmin(100, pmax(0, 50 + 6 * people$approval + rnorm(n, sd = 15) - 24)) * 2) / 2
people$age <- sample(18:80, n, replace = TRUE)
people$age[c(7, 31)] <- NA
people$city <- sample(c("Köln", "Zürich", "São Paulo", "Paris, Texas"), n, replace = TRUE)
tv <- runif(n) < .5; web <- runif(n) < .5; paper <- runif(n) < .2
tv[c(3, 9)] <- web[c(3, 9)] <- paper[c(3, 9)] <- FALSE
people$first_block <- sample(c("cost", "safety"), n, replace = TRUE)
ticks <- cbind(tv, web, paper)
people$news_tv <- as.integer(tv)
people$news <- ifelse(rowSums(ticks) > 1, "several", ifelse(tv, "tv", ifelse(web, "web", ifelse(paper, "paper", NA))))
write.csv(people, "expected.csv", row.names = FALSE, na = "")

welch <- t.test(people$approval[people$arm == "visit"], people$approval[people$arm == "control"])
robust <- lm_robust(thermometer ~ arm + news_tv, people, se_type = "HC2")
write.csv(data.frame(
  test = c("visit", "tv"),
  estimate = c(unname(diff(rev(welch$estimate))), coef(robust)[["news_tv"]]),
  std_error = c(welch$stderr, robust$std.error[["news_tv"]]),
  p_value = c(welch$p.value, robust$p.value[["news_tv"]])), "expected_tests.csv", row.names = FALSE)

quoted <- function(x) paste0("\"", gsub("\"", "\"\"", x), "\"")
text <- function(x) ifelse(is.na(x), "", as.character(x))
lines_of <- function(table, sep = ",") do.call(paste, c(lapply(table, function(x) quoted(text(x))), sep = sep))
write_bytes <- function(path, rows, to = "UTF-8", mark = raw(0), eol = "\n") {
  body <- iconv(enc2utf8(paste0(paste(rows, collapse = eol), eol)), "UTF-8", to, toRaw = TRUE)[[1]]
  writeBin(c(mark, body), path)
}
header <- function(table, sep = ",") paste(quoted(names(table)), collapse = sep)

REGISTRATION <- '
asregistered: 1
study: {id: exports, title: One study as platforms write it, authors: [{name: Nobody}], timing: before_collection}
design:
  kind: between_subjects
  unit: person
  allocation: complete
  sample: {target: 60, minimum: 60}
variables:
  person: {role: id}
  when: {role: time}
  arm: {role: factor, levels: {control: No contact, letter: A letter, visit: A visit}, reference: control, probability: equal}
  approval: {role: outcome, scale: {min: 1, max: 7}}
  thermometer: {role: outcome, scale: {min: 0, max: 100}}
  age: {role: covariate, scale: {min: 18, max: 99}}
  city: {role: text}
  first_block: {role: covariate, levels: [cost, safety], reference: cost}
  news_tv: {role: covariate, scale: {min: 0, max: 1}}
  news: {role: covariate, levels: [tv, web, paper, several], reference: tv}
%smissing: {outcome: drop_from_test, covariate: drop_from_test}
models:
  approval: {estimator: difference_in_means, formula: approval ~ arm, vcov: HC2}
  warmth: {estimator: ols, formula: thermometer ~ arm + news_tv, vcov: HC2}
tests:
  visit: {model: approval, of: arm, contrast: visit - control, alternative: two_sided, alpha: 0.05}
  tv: {model: warmth, coefficient: news_tv, alternative: two_sided, alpha: 0.05}
hypotheses:
  H1: {statement: Visits change approval., status: primary, corroborated_if: visit}
  H2: {statement: Viewers of television differ in warmth., status: secondary, corroborated_if: tv}
'
study <- function(folder, data, exclusions = "") {
  dir.create(folder, showWarnings = FALSE)
  writeLines(trimws(sprintf(REGISTRATION, exclusions), "left", "\n"), file.path(folder, "registration.yaml"), sep = "")
  writeLines(paste0("asregistered: 1\nregistration: registration.yaml\ndata:\n", data,
    "report: {path: reports/report.html}\n"), file.path(folder, "pipeline.yaml"), sep = "")
}

# A German spreadsheet: semicolons, decimal commas, Windows-1252, one cell that lists the choices.
codes <- apply(ticks, 1, function(x) paste(which(x), collapse = ","))
german <- with(people, data.frame(Person = person, Zeit = when, Gruppe = c(control = "Kontrolle", letter = "Brief", visit = "Besuch")[arm],
  Zustimmung = approval, Thermometer = sub(".", ",", format(thermometer, trim = TRUE), fixed = TRUE), Alter = age, Ort = city,
  Zuerst = c(cost = "Kosten", safety = "Sicherheit")[first_block], Medien = codes, check.names = FALSE))
study("german", '  path: umfrage.csv
  provenance: simulated
  columns: {person: Person, when: Zeit, arm: Gruppe, approval: Zustimmung, thermometer: Thermometer, age: Alter, city: Ort, first_block: Zuerst}
  values:
    arm: {Kontrolle: control, Brief: letter, Besuch: visit}
    first_block: {Kosten: cost, Sicherheit: safety}
  checkboxes:
    news_tv: {of: Medien, choice: 1, none: unchecked}
    news: {of: Medien, choices: {1: tv, 2: web, 3: paper}, several: several, none: missing}
')
write_bytes("german/umfrage.csv", c(header(german, ";"), lines_of(german, ";")), "CP1252", eol = "\r\n")

# The same between tabs, in UTF-16.
utf16 <- with(people, data.frame(person, when, arm, approval, thermometer, age, city, first_block, news_tv, news))
study("utf16", "  path: export.tsv\n  provenance: simulated\n")
write_bytes("utf16/export.tsv", c(header(utf16, "\t"), lines_of(utf16, "\t")), "UTF-16LE", as.raw(c(0xFF, 0xFE)))

# Qualtrics: three header rows, four responses that are none, the randomiser's column.
labels <- c(control = "No contact", letter = "A letter", visit = "A visit")
choices <- c("Television", "Websites, blogs", "Newspapers")
agreement <- c("Strongly disapprove", "Disapprove", "Somewhat disapprove", "Neither", "Somewhat approve", "Approve", "Strongly approve")
order <- ifelse(people$first_block == "cost", "Cost block|Safety block", "Safety block|Cost block")
qualtrics <- function(values) {
  of <- function(coded, worded) if (values) coded else worded
  table <- with(people, data.frame(StartDate = when, EndDate = when, Status = of("0", "IP Address"), Progress = 100,
    `Duration (in seconds)` = 100 + seq_len(n), Finished = of("1", "True"), RecordedDate = when, ResponseId = person,
    DistributionChannel = "anonymous", UserLanguage = "EN",
    Q1 = of(match(arm, names(labels)), labels[arm]), Q2 = of(approval, agreement[approval]), Q3_1 = thermometer, Q4 = age, Q5 = city,
    Q6_1 = ifelse(tv, of("1", choices[1]), ""), Q6_2 = ifelse(web, of("1", choices[2]), ""), Q6_3 = ifelse(paper, of("1", choices[3]), ""),
    `Q7_First Click` = round(runif(n, 1, 9), 3), `Q7_Page Submit` = round(runif(n, 9, 90), 3), FL_12_DO = order, check.names = FALSE))
  extra <- table[c(1, 2, 3, 4), ]
  extra$ResponseId <- sprintf("R_9%03d", 1:4)
  extra$Status <- of(c("1", "2", "8", "0"), c("Survey Preview", "Survey Test", "Spam", "IP Address"))
  extra$DistributionChannel <- c("preview", "test", "anonymous", "preview")
  table <- rbind(table[1:20, ], extra, table[21:n, ])
  questions <- names(table)
  questions[11:18] <- c("Which treatment\nwas shown?", "How much do you approve?", "Where on the thermometer, \"warm\" being 100? - The mayor",
    "Your age", "Your city", paste("Where do you hear news? - Selected Choice -", choices))
  ids <- sprintf("{\"ImportId\":\"%s\"}", sub("^Q", "QID", names(table)))
  c(header(table), paste(quoted(questions), collapse = ","), paste(quoted(ids), collapse = ","), lines_of(table))
}
mapped <- '  path: %s
  format: qualtrics
  provenance: simulated
  columns: {person: ResponseId, when: StartDate, arm: Q1, approval: Q2, thermometer: Q3_1, age: Q4, city: Q5, status: Status, channel: DistributionChannel}
  checkboxes:
    news_tv: {of: "Q6_{choice}", choice: 1, none: unchecked}
    news: {of: "Q6_{choice}", choices: {1: tv, 2: web, 3: paper}, several: several, none: missing}
  display_order: {first_block: {of: FL_12_DO, position: 1}}
  values:
    first_block: {Cost block: cost, Safety block: safety}
    %s
'
leave <- '  status: {role: check, levels: {earnest: IP Address, preview: Survey Preview, test: Survey Test, spam: Spam}, stage: pre_treatment}
  channel: {role: check, levels: [anonymous, preview, test], stage: pre_treatment}
exclusions:
  - {id: tests, drop_if: "status <> \'earnest\' OR channel <> \'anonymous\'", reason: neither previews nor tests nor spam are responses}
'
study("qualtrics_text", sprintf(mapped, "text.csv", paste0("approval: {", paste0(agreement, ": ", 1:7, collapse = ", "), "}")), leave)
write_bytes("qualtrics_text/text.csv", qualtrics(FALSE))
study("qualtrics_values", sprintf(mapped, "values.csv", "arm: {1: control, 2: letter, 3: visit}\n    status: {0: earnest, 1: preview, 2: test, 8: spam}"), leave)
write_bytes("qualtrics_values/values.csv", qualtrics(TRUE))

# REDCap: raw data, checkboxes as zeros and ones, two hundred columns of eight instruments.
redcap <- with(people, data.frame(record_id = person, redcap_survey_identifier = "", baseline_timestamp = when, arm = match(arm, names(labels)),
  approval, thermometer, age, city, first_block, news___1 = as.integer(tv), news___2 = as.integer(web), news___3 = as.integer(paper), baseline_complete = 2))
for (form in c("phq", "gad", "pss", "ses", "health", "diary", "exit")) {
  items <- replicate(25, sample(c(0:3, NA), n, replace = TRUE))
  colnames(items) <- sprintf("%s_%d", form, 1:25)
  redcap <- cbind(redcap, items)
  redcap[[paste0(form, "_complete")]] <- sample(0:2, n, replace = TRUE)
}
for (i in seq_len(200 - ncol(redcap))) redcap[[sprintf("note_%d", i)]] <- ifelse(seq_len(n) %% 7 == i, "free text,\nover two lines", "")
stopifnot(ncol(redcap) == 200)
study("redcap", '  path: redcap.csv
  format: redcap
  provenance: simulated
  columns: {person: record_id, when: baseline_timestamp}
  values: {arm: {1: control, 2: letter, 3: visit}}
  checkboxes:
    news_tv: {of: "news___{choice}", choice: 1, none: unchecked}
    news: {of: "news___{choice}", choices: {1: tv, 2: web, 3: paper}, several: several, none: missing}
')
write_bytes("redcap/redcap.csv", c(header(redcap), lines_of(redcap)))

# LimeSurvey: code and question in the header, full answers, Yes and No.
yes <- function(x) ifelse(x, "Yes", "No")
lime <- with(people, data.frame(`id. Response ID` = person, `submitdate. Date submitted` = when, `lastpage. Last page` = 6,
  `startlanguage. Start language` = "en", `arm. Which treatment?` = labels[arm], `G2Q1[SQ001]. How much do you approve? [The mayor]` = approval,
  `G2Q2. Thermometer` = thermometer, `age. Your age` = age, `city. Your city. Please name it.` = city, `first. First block` = first_block,
  `news[SQ001]. News [Television]` = yes(tv), `news[SQ002]. News [Websites, blogs]` = yes(web), `news[SQ003]. News [Newspapers]` = yes(paper),
  `news[other]. News [Other]` = "", check.names = FALSE))
study("limesurvey", '  path: results-survey.csv
  format: limesurvey
  provenance: simulated
  columns: {person: id, when: submitdate, approval: "G2Q1[SQ001]", thermometer: G2Q2, first_block: first}
  checkboxes:
    news_tv: {of: "news[{choice}]", choice: SQ001, none: unchecked}
    news: {of: "news[{choice}]", choices: {SQ001: tv, SQ002: web, SQ003: paper}, several: several, none: missing}
')
write_bytes("limesurvey/results-survey.csv", c(header(lime), lines_of(lime)), mark = as.raw(c(0xEF, 0xBB, 0xBF)))
