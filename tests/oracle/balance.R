# Standardised differences between arms, on rows of the reference study's shape.
# usage: Rscript tests/oracle/balance.R ; R 4.5.0, base alone
set.seed(20241101)
n <- 240
d <- data.frame(
  arm = sample(c("control", "letter", "call"), n, replace = TRUE, prob = c(.5, .25, .25)),
  age = round(rnorm(n, 45, 14)),
  gender = sample(c("man", "woman"), n, replace = TRUE),
  region = sample(c("north", "south", "west"), n, replace = TRUE, prob = c(.6, .3, .1)),
  y = round(rnorm(n), 3)
)
d$age[c(3, 77)] <- NA
d$gender[c(5, 6, 200)] <- NA
write.csv(d, "tests/oracle/balance_data.csv", row.names = FALSE, quote = FALSE, na = "")
smd <- function(x, arm, level, kind) {
  a <- x[arm == level & !is.na(x)]
  b <- x[arm == "control" & !is.na(x)]
  s <- if (kind == "share") c(mean(a) * (1 - mean(a)), mean(b) * (1 - mean(b))) else c(var(a), var(b))
  c(mean(a), mean(b), (mean(a) - mean(b)) / sqrt(mean(s)))
}
rows <- list()
add <- function(level, covariate, category, v) {
  rows[[length(rows) + 1]] <<- data.frame(level, covariate, category,
    mean = sprintf("%.17g", v[1]), mean_reference = sprintf("%.17g", v[2]), difference = sprintf("%.17g", v[3]))
}
for (level in c("letter", "call")) {
  add(level, "age", "", smd(d$age, d$arm, level, "number"))
  add(level, "gender", "woman", smd(as.numeric(d$gender == "woman"), d$arm, level, "share"))
  for (region in c("north", "south", "west")) {
    add(level, "region", region, smd(as.numeric(d$region == region), d$arm, level, "share"))
  }
}
write.csv(do.call(rbind, rows), "tests/oracle/balance.csv", row.names = FALSE, quote = FALSE)
