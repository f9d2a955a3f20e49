# Writes the manuscripts that tests/claims.rs reads: results that R computes from tests/deviations/base/data.csv, as prose in
# Markdown, and by pandoc as .docx, .html, .tex and .txt. as-found says what was found; flawed has three results that do not follow.
# usage: Rscript tests/manuscripts/make.R, from the project's root.
# R 4.2.2, sandwich 3.0-2, pandoc 2.17.1.1.
suppressPackageStartupMessages(library(sandwich))
d <- read.csv("tests/deviations/base/data.csv", colClasses = c(finished = "character"))
d <- d[d$finished == "1" & d$attentive == "passed", ]
d$arm <- factor(d$arm, c("control", "letter", "call"))
fit <- lm(support ~ arm, d); V <- vcovHC(fit, "HC2"); b <- coef(fit); df <- fit$df.residual
test <- function(w) { e <- sum(w * b); s <- sqrt(c(w %*% V %*% w)); list(b = e, se = s, t = e / s, p = pt(e / s, df, lower.tail = FALSE)) }
any <- test(c(0, .5, .5)); letter <- test(c(0, 1, 0)); call <- test(c(0, 0, 1)); between <- test(c(0, -1, 1))
older <- d[!is.na(d$age) & d$age >= 40, ]; g <- lm(support ~ arm, older); W <- vcovHC(g, "HC2")
Fstat <- c(coef(g)[-1] %*% solve(W[-1, -1]) %*% coef(g)[-1]) / 2; df2 <- g$df.residual; pF <- pf(Fstat, 2, df2, lower.tail = FALSE)

f <- function(x, k = 2) formatC(x, digits = k, format = "f")
apa <- function(p) if (p < .001) "< .001" else paste("=", sub("^0", "", f(p, 3)))
minus <- function(x, k = 2) sub("-", "\u2212", f(x, k))
prose <- c(
  "# Results", "",
  sprintf("Asking raised support, *b* = %s, *SE* = %s, *t*(%d) = %s, *p* %s (one-tailed, as registered).", f(any$b), f(any$se), df, f(any$t), apa(any$p)), "",
  sprintf("So did a letter by itself,\n*t*(%d)\u2009=\u2009%s, 95%% CI [%s, %s], *p* %s, two-tailed; with a call\u2019s sign turned,", df, f(letter$t), f(letter$b - qt(.975, df) * letter$se), f(letter$b + qt(.975, df) * letter$se), apa(2 * letter$p)),
  sprintf("*t*(%d) = %s, *p* %s.", df, minus(-call$t), apa(2 * call$p)), "",
  sprintf("Among those of forty and over, the way of asking mattered, $F(2, %d) = %s$, $p %s$.", df2, f(Fstat), apa(pF)), "",
  sprintf("A call did not differ from a letter, *t*(%d) = %s, *d* = 0.35, *p* %s.", df, f(between$t), apa(2 * between$p)))
flawed <- c(prose, "",
  "# Further results", "",
  "Turnout differed, $\\chi^2(2, N = 100) = 4.5$, $p < .05$, and trust did, *F*(1, 28) = 4.20, *p* = .02.", "",
  "The scales went together, *r*(98) = .37, *p* < .001. The ranks did not, *z* = 1.20, *p* = .12.")
write <- function(name, text) {
  md <- file.path("tests/manuscripts", paste0(name, ".md"))
  con <- file(md, "wb"); writeLines(enc2utf8(text), con, useBytes = TRUE); close(con)
  for (kind in c("docx", "html", "tex", "txt")) {
    out <- file.path("tests/manuscripts", paste(name, kind, sep = "."))
    to <- if (kind == "txt") "plain" else if (kind == "tex") "latex" else kind
    status <- system2("pandoc", c("--from", "markdown", "--to", to, "--standalone", "--metadata", "title=Asking", "--wrap", "preserve", "-o", out, md),
      env = "SOURCE_DATE_EPOCH=1700000000")
    stopifnot(status == 0)
  }
}
write("as-found", prose)
write("flawed", flawed)
