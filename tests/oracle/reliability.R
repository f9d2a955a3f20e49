# Reliability of scales: psych's alpha, and omega by R's one-factor maximum likelihood. usage: Rscript reliability.R, from
# the project's root; writes tests/oracle/reliability.csv and the items, tests/oracle/reliability_*.csv, which are psych's
# bfi (SAPA project, 2,800 people; the first 400 here) and R's attitude (30 departments). R 4.2.2, psych 2.2.9.
library(psych)
omega_total <- function(items) {
  f <- factanal(covmat = cov(items), factors = 1, n.obs = nrow(items), control = list(opt = list(factr = 1, pgtol = 0, maxit = 1e5)))
  s <- apply(items, 2, sd); l <- f$loadings[, 1] * s; u <- f$uniquenesses * s^2
  sum(l)^2 / (sum(l)^2 + sum(u))
}
scores <- list(agreeable = c("A1", "A2", "A3", "A4", "A5"), conscientious = c("C1", "C2", "C3", "C4", "C5"),
               unreversed = c("C1", "C2", "C3", "C4", "C5"), neurotic = c("N1", "N2", "N3", "N4", "N5"), two = c("N1", "N2"))
reverse <- list(agreeable = "A1", conscientious = c("C4", "C5"))
d <- bfi[1:400, unique(unlist(scores))]
row <- function(name, items) {
  items <- na.omit(items)
  a <- suppressWarnings(alpha(items, check.keys = FALSE, warnings = FALSE))
  data.frame(score = name, items = ncol(items), rows = nrow(items), alpha = a$total$raw_alpha, omega = if (ncol(items) > 2) omega_total(items) else NA,
             against = paste(names(items)[sapply(seq_along(items), function(i) cov(items[[i]], rowSums(items[-i]))) < 0], collapse = " "))
}
out <- do.call(rbind, lapply(names(scores), function(name) {
  items <- d[scores[[name]]]; for (r in reverse[[name]]) items[[r]] <- 7 - items[[r]]
  row(name, items)
}))
out <- rbind(out, row("attitude", attitude))
options(digits = 17)
write.csv(out, "tests/oracle/reliability.csv", row.names = FALSE, na = "")
d$arm <- rep(c("a", "b"), length.out = nrow(d)); d$y <- bfi$age[1:400]
write.csv(d, "tests/oracle/reliability_bfi.csv", row.names = FALSE, na = "")
write.csv(cbind(attitude, arm = rep(c("a", "b"), 15), y = 1:30), "tests/oracle/reliability_attitude.csv", row.names = FALSE)
