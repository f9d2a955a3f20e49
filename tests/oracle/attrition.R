# Losses by arm, by base R. usage: Rscript attrition.R, from the project's root; writes tests/oracle/attrition.csv. R 4.2.2.
cases <- list(equal = rbind(c(190, 10), c(188, 12), c(191, 9)), unequal = rbind(c(190, 10), c(141, 59), c(180, 20)),
              few = rbind(c(38, 2), c(30, 10), c(39, 1)), two = rbind(c(100, 0), c(91, 9)))
out <- do.call(rbind, lapply(names(cases), function(name) {
  t <- cases[[name]]; chi <- suppressWarnings(chisq.test(t, correct = FALSE)); small <- min(chi$expected) < 5
  data.frame(case = name, test = if (small) "fisher_exact" else "chi_squared", statistic = if (small) NA else unname(chi$statistic),
             df = if (small) NA else unname(chi$parameter), p = if (small) fisher.test(t)$p.value else chi$p.value,
             table = paste(apply(t, 1, paste, collapse = " "), collapse = "/"))
}))
options(digits = 17)
write.csv(out, "tests/oracle/attrition.csv", row.names = FALSE, na = "")
