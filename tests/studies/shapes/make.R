# A conjoint as Qualtrics writes it, one row a respondent, and a panel in three files: what R's reshape() and merge() make
# of them, and what estimatr makes of that.
# usage: Rscript make.R, in this folder. R 4.2.2, estimatr 1.0.0. The people are drawn, not real.
library(estimatr)
set.seed(20241105)
out <- function(x, path, ...) write.csv(x, path, row.names = FALSE, na = "", fileEncoding = "UTF-8", ...)
estimate <- function(fit, term) data.frame(estimate = coef(fit)[[term]], std_error = fit$std.error[[term]], p_value = fit$p.value[[term]])

# Conjoint: 40 respondents, 3 tasks, 2 profiles, 2 attributes in an order drawn for each respondent.
n <- 40
people <- data.frame(person = sprintf("p%02d", 1:n), country = sample(c("AT", "BE", "CH", "XX"), n, replace = TRUE), stringsAsFactors = FALSE)
wide <- people
for (task in 1:3) {
  for (profile in 1:2) {
    wide[[sprintf("gender.%d.%d", task, profile)]] <- sample(c("Male", "Female"), n, replace = TRUE)
    wide[[sprintf("party.%d.%d", task, profile)]] <- sample(c("Left", "Right"), n, replace = TRUE)
    wide[[sprintf("rating.%d.%d", task, profile)]] <- sample(c(1:7, NA), n, replace = TRUE)
  }
  wide[[sprintf("pick.%d", task)]] <- sample(c(1, 2), n, replace = TRUE)
}
wide$pick.3[c(5, 17)] <- NA      # two who left before the last task
wide$pick.2[8] <- 0              # one who wanted neither

export <- people
export$Q10 <- sample(18:70, n, replace = TRUE)
order <- runif(n) < .5           # whether gender comes first
words <- c(`1` = "Candidate 1", `2` = "Candidate 2", `0` = "Neither")
for (task in 1:3) {
  export[[sprintf("choice_%d", task)]] <- unname(words[as.character(wide[[sprintf("pick.%d", task)]])])
  export[[sprintf("F-%d-1", task)]] <- ifelse(order, "Gender", "Party")
  export[[sprintf("F-%d-2", task)]] <- ifelse(order, "Party", "Gender")
  for (profile in 1:2) {
    gender <- wide[[sprintf("gender.%d.%d", task, profile)]]
    party <- wide[[sprintf("party.%d.%d", task, profile)]]
    export[[sprintf("F-%d-%d-1", task, profile)]] <- ifelse(order, gender, party)
    export[[sprintf("F-%d-%d-2", task, profile)]] <- ifelse(order, party, gender)
    export[[sprintf("rating_%d_%d", task, profile)]] <- wide[[sprintf("rating.%d.%d", task, profile)]]
  }
}
dir.create("conjoint", showWarnings = FALSE)
out(export, "conjoint/responses.csv")
countries <- data.frame(iso = c("AT", "BE", "CH", "DE"), gdp = c(52.1, 50.1, 99.6, 51.2))     # XX has none, DE nobody
out(countries, "conjoint/countries.csv")

varying <- c(outer(c("gender", "party", "rating"), outer(1:3, 1:2, paste, sep = "."), paste, sep = "."))
tall <- reshape(wide, direction = "long", idvar = "person", varying = lapply(c("gender", "party", "rating"), function(v)
  grep(paste0("^", v, "\\."), varying, value = TRUE)), v.names = c("gender", "party", "rating"), timevar = "cell",
  times = sub("^gender\\.", "", grep("^gender\\.", varying, value = TRUE)))
tall$task <- as.integer(substr(tall$cell, 1, 1)); tall$profile <- as.integer(substr(tall$cell, 3, 3))
pick <- as.matrix(tall[, paste0("pick.", 1:3)])[cbind(seq_len(nrow(tall)), tall$task)]
tall$chosen <- ifelse(is.na(pick), NA, as.integer(pick == tall$profile))
tall <- merge(tall, countries, by.x = "country", by.y = "iso", all.x = TRUE)
tall <- tall[order(tall$person, tall$task, tall$profile), c("person", "country", "task", "profile", "gender", "party", "rating", "chosen", "gdp")]
out(tall, "conjoint/expected.csv")
fit <- lm_robust(chosen ~ gender + party, transform(tall, gender = relevel(factor(gender), "Male")), clusters = person, se_type = "stata")
out(cbind(test = "women", estimate(fit, "genderFemale")), "conjoint/expected_tests.csv")

# Panel: three waves, one file each, of which the first has everybody; trust was not asked in the second.
m <- 50
ids <- sprintf("h%02d", 1:m)
first <- data.frame(id = ids, mood = sample(1:7, m, replace = TRUE), trust = sample(0:10, m, replace = TRUE), birth = sample(1940:2005, m, replace = TRUE))
second <- data.frame(code = sample(c(ids[1:40], "h99")), mood = sample(1:7, 41, replace = TRUE))
third <- data.frame(id = sample(ids[8:45]), mood = sample(1:7, 38, replace = TRUE), trust = sample(0:10, 38, replace = TRUE))
dir.create("panel", showWarnings = FALSE)
out(first, "panel/wave1.csv"); out(second, "panel/wave2.csv"); out(third, "panel/wave3.csv")
one <- merge(first, second, by.x = "id", by.y = "code", all.x = TRUE, suffixes = c("", ".2"))
one <- merge(one, third, by = "id", all.x = TRUE, suffixes = c("", ".3"))
one$trust.2 <- NA
panel <- reshape(one, direction = "long", idvar = "id", varying = list(c("mood", "mood.2", "mood.3"), c("trust", "trust.2", "trust.3")),
  v.names = c("mood", "trust"), timevar = "wave", times = 1:3)
panel <- panel[order(panel$id, panel$wave), c("id", "wave", "birth", "mood", "trust")]
before <- c(NA, head(panel$mood, -1)); before[c(TRUE, head(panel$id, -1) != tail(panel$id, -1))] <- NA
panel$mood_before <- before
out(panel, "panel/expected.csv")
fit <- lm_robust(mood ~ mood_before, panel, clusters = id, se_type = "stata")
out(cbind(test = "inertia", estimate(fit, "mood_before")), "panel/expected_tests.csv")
