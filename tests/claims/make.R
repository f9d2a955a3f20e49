# Writes the claims that tests/claims.rs holds to the study of tests/deviations/base: what R computes from the raw file, as a
# manuscript would print it. In each rule's folder, fires*.yaml must be found out and quiet*.yaml, though near, must not.
# usage: Rscript tests/claims/make.R, from the project's root.
# R 4.2.2, sandwich 3.0-2.
suppressPackageStartupMessages(library(sandwich))
d <- read.csv("tests/deviations/base/data.csv", colClasses = c(finished = "character"))
d <- d[d$finished == "1" & d$attentive == "passed", ]
d$arm <- factor(d$arm, c("control", "letter", "call"))
fit <- lm(support ~ arm, d); V <- vcovHC(fit, "HC2"); b <- coef(fit); df <- fit$df.residual
test <- function(w, sides = 1) {
  est <- sum(w * b); se <- sqrt(c(w %*% V %*% w)); t <- est / se
  p <- if (sides == 1) pt(t, df, lower.tail = FALSE) else 2 * pt(-abs(t), df)
  list(est = est, se = se, t = t, df = df, p = p, low = est - qt(.975, df) * se, high = est + qt(.975, df) * se)
}
letter <- test(c(0, 1, 0)); call <- test(c(0, 0, 1)); any <- test(c(0, .5, .5)); between <- test(c(0, -1, 1), 2)
holm <- p.adjust(c(letter = letter$p, call = call$p), "holm")
older <- d[!is.na(d$age) & d$age >= 40, ]; g <- lm(support ~ arm, older); W <- vcovHC(g, "HC2")
Fstat <- c(coef(g)[-1] %*% solve(W[-1, -1]) %*% coef(g)[-1]) / 2
pF <- pf(Fstat, 2, g$df.residual, lower.tail = FALSE)

f <- function(x, k = 2) formatC(x, digits = k, format = "f")
cut <- function(x, k = 2) f(sign(x) * floor(abs(x) * 10^k) / 10^k, k)
apa <- function(p, k = 3) if (p < .001) "< .001" else paste("=", sub("^0", "", f(p, k)))
says <- function(...) { x <- list(...); paste0("{", paste0(names(x), ": ", ifelse(x %in% c("true", "false"), x, sprintf('"%s"', x)), collapse = ", "), "}") }
claim <- function(of, said, where = "Results") sprintf("  - {where: %s, %s, says: %s}", where, of, said)
write <- function(slug, name, ..., head = NULL) {
  dir.create(file.path("tests/claims", slug), showWarnings = FALSE)
  text <- c("asregistered: 1", head, "claims:", ...)
  con <- file(file.path("tests/claims", slug, paste0(name, ".yaml")), "wb"); writeLines(text, con); close(con)
}
table_row <- function(t, p) says(estimate = f(t$est), std_error = paste0("(", f(t$se), ")"), statistic = f(t$t), df = f(t$df, 0),
  conf_low = paste0("[", f(t$low), ","), conf_high = paste0(f(t$high), "]"), n = f(nrow(model.frame(fit)), 0), p = p, correction = "holm")

write("number-mismatch", "quiet",
  claim("test: H1.letter", table_row(letter, apa(holm["letter"])), "\"Table 1, row 1\""),
  claim("test: H1.call", table_row(call, apa(holm["call"])), "\"Table 1, row 2\""),
  claim("test: H1.any", says(estimate = f(any$est, 6), std_error = f(any$se, 6), p = apa(any$p), sided = "one")),
  claim("test: H3.older", says(statistic = f(Fstat), df = sprintf("2, %d", g$df.residual), p = apa(pF))),
  claim("model: support", says(n = f(nrow(model.frame(fit)), 0), r_squared = f(summary(fit)$r.squared, 3))),
  claim("model: support, term: \"arm[letter]\"", says(estimate = f(letter$est, 4), std_error = f(letter$se, 4), p = apa(2 * letter$p))))
write("number-mismatch", "fires", claim("test: H1.letter", says(estimate = f(letter$est + .07))))
write("number-mismatch", "fires-error", claim("test: H1.letter", says(std_error = f(sqrt(vcov(fit)[2, 2]), 4))))
write("number-mismatch", "fires-df", claim("test: H3.older", says(df = sprintf("2, %d", g$df.residual + 1))))
write("number-mismatch", "fires-bound", claim("test: H3.older", says(p = paste("<", f(pF / 2, 6)))))
write("number-mismatch", "fires-sided", claim("test: H1.any", says(p = f(2 * any$p, 8))))
write("number-mismatch", "quiet-sided", claim("test: H1.any", says(p = f(2 * any$p, 8), sided = "two")))
mark <- c("{\"*\": 0.05, \"**\": 0.01, \"***\": 0.001}")
own <- function(p) if (p < .001) "***" else if (p < .01) "**" else if (p < .05) "*" else ""
write("number-mismatch", "quiet-stars", head = paste("stars:", mark),
  claim("model: support, term: \"arm[call]\"", says(estimate = paste0(f(call$est), own(2 * call$p)))))
write("number-mismatch", "fires-stars", head = paste("stars:", mark),
  claim("model: support, term: \"arm[call]\"", says(estimate = paste0(f(call$est), if (own(2 * call$p) == "*") "**" else "*"))))

other <- if (round(letter$est * 1e4) == floor(letter$est * 1e4)) ceiling else floor
write("rounding-mismatch", "fires", claim("test: H1.letter", says(estimate = f(other(letter$est * 1e4) / 1e4, 4))))
shown <- which(sapply(2:6, function(k) cut(letter$se, k) != f(letter$se, k)))[1] + 1
write("rounding-mismatch", "fires-truncated", claim("test: H1.letter", says(std_error = cut(letter$se, shown))))
write("rounding-mismatch", "quiet", claim("test: H1.letter", says(estimate = f(letter$est, 4))))
write("rounding-mismatch", "quiet-truncated", head = "rounding: truncate", claim("test: H1.letter", says(std_error = cut(letter$se, shown))))

write("sign-mismatch", "fires", claim("test: H1.letter", says(estimate = paste0("\u2212", f(letter$est)))))
write("sign-mismatch", "quiet", claim("test: X3", says(estimate = sub("-", "\u2212", f(between$est)), confirmatory = "false")))

write("claim-without-test", "fires", claim("test: H1.women", says(p = "= .03")))
write("claim-without-test", "fires-term", claim("model: support, term: \"arm[post]\"", says(estimate = "0.10")))
write("claim-without-test", "quiet", claim("test: X1", says(confirmatory = "false")))

write("verdict-mismatch", "fires", claim("hypothesis: H1", says(verdict = "inconclusive"), "Abstract"))
write("verdict-mismatch", "fires-test", claim("test: H1.letter", says(significant = if (holm["letter"] < .05) "false" else "true"), "Abstract"))
corroborated <- any$p < .05 && all(holm < .05)
write("verdict-mismatch", "quiet", claim("hypothesis: H1", says(verdict = if (corroborated) "corroborated" else if (any$p >= .05) "contradicted" else "inconclusive"), "Abstract"),
  claim("test: H1.letter", says(significant = if (holm["letter"] < .05) "true" else "false"), "Abstract"))

write("exploratory-presented-as-confirmatory", "fires", claim("test: X3", says(p = apa(between$p))))
write("exploratory-presented-as-confirmatory", "fires-said", claim("test: X3", says(p = apa(between$p), confirmatory = "true")))
write("exploratory-presented-as-confirmatory", "quiet", claim("test: X3", says(p = apa(between$p), confirmatory = "false")),
  claim("test: H1.any", says(confirmatory = "true")))

write("registered-presented-as-exploratory", "fires", claim("test: H1.any", says(confirmatory = "false")))
write("registered-presented-as-exploratory", "quiet", claim("test: H1.any", says(confirmatory = "true")), claim("test: X1", says(confirmatory = "false")))

larger <- names(which.min(c(letter = letter$p, call = call$p))); p1 <- get(larger)$p
write("correction-not-reported", "fires", claim(paste0("test: H1.", larger), says(p = sprintf("%.2e", p1))))
write("correction-not-reported", "fires-other", claim(paste0("test: H1.", larger), says(p = sprintf("%.2e", p1), correction = "none")))
write("correction-not-reported", "fires-invented", claim("test: H1.any", says(p = sprintf("%.2e", any$p), correction = "holm")))
write("correction-not-reported", "quiet", claim(paste0("test: H1.", larger), says(p = sprintf("%.2e", p1), p_adjusted = sprintf("%.2e", holm[larger]))))
write("correction-not-reported", "quiet-adjusted", claim(paste0("test: H1.", larger), says(p = sprintf("%.2e", holm[larger]))))
write("correction-not-reported", "quiet-bound", claim(paste0("test: H1.", larger), says(p = paste("<", sprintf("%.0e", 10 * holm[larger])))))
