# What base R needs for the same draws: a loop over lm. 1,000 draws, times ten.
# usage: Rscript benches/speed/speed.R data/responses.csv
d <- read.csv(text = readLines(commandArgs(trailingOnly = TRUE)[1])[-(2:3)])
d <- d[d$Finished == 1 & d$passed_check == 1, ]
d$us_response <- factor(d$us_response)
weights <- ifelse(levels(d$us_response) == "Keeps its current policy", -1, 0.25)
one <- function() {
  d$z <- sample(d$us_response, replace = TRUE)
  sum(weights * coef(lm(approval ~ z - 1, d)))
}
set.seed(1)
took <- 10 * system.time(for (i in 1:1000) one())
cat("10,000 draws over lm:", round(took[["user.self"]], 1), "s of processor,", round(took[["elapsed"]], 1), "s by the clock\n")
