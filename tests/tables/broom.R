# Writes tests/tables/broom.csv: the model of support, as broom prints lmtest's table of it, in all its digits.
# usage: Rscript tests/tables/broom.R, from the project's root.
# R 4.2.2, broom 1.0.3, lmtest 0.9-40, sandwich 3.0-2.
suppressPackageStartupMessages({library(broom); library(lmtest); library(sandwich)})
d <- read.csv("tests/deviations/base/data.csv", colClasses = c(finished = "character"))
d <- d[d$finished == "1" & d$attentive == "passed", ]
d$arm <- factor(d$arm, c("control", "letter", "call"))
fit <- lm(support ~ arm, d)
write.csv(tidy(coeftest(fit, vcovHC(fit, "HC2")), conf.int = TRUE), "tests/tables/broom.csv", row.names = FALSE)
