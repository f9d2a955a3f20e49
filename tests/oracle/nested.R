# Likelihood-ratio tests of nested models, and of proportional odds, on the survey.
# usage: Rscript tests/oracle/nested.R SURVEY.csv, from the project's root
suppressPackageStartupMessages({library(ordinal); library(nnet); library(lme4)})
d <- read.csv(commandArgs(TRUE)[1])
d$us_response <- relevel(factor(d$us_response), "status_quo")
rows <- list()
put <- function(id, stat, df) rows[[length(rows) + 1]] <<- data.frame(id, stat = as.numeric(stat), df = df, p = pchisq(as.numeric(stat), df, lower.tail = FALSE))
lr <- function(id, whole, part) put(id, 2 * (logLik(whole) - logLik(part)), attr(logLik(whole), "df") - attr(logLik(part), "df"))
tight <- glm.control(epsilon = 1e-15, maxit = 100)

for (link in c("logit", "probit", "cloglog")) {
  f <- approve ~ us_response * treaty + age
  whole <- glm(f, binomial(link), d, control = tight)
  lr(paste0(link, ".us_response:treaty"), whole, update(whole, . ~ . - us_response:treaty))
  lr(paste0(link, ".age"), whole, update(whole, . ~ . - age))
}
whole <- glm(approve ~ us_response + age, binomial, d, weights = fweight, control = tight)
lr("frequency.us_response", whole, update(whole, . ~ . - us_response))
whole <- glm(count_y ~ us_response + age, poisson, d, control = tight)
lr("poisson.us_response", whole, update(whole, . ~ . - us_response))

d$y <- factor(d$contribution, ordered = TRUE)
d$a <- factor(d$approval, ordered = TRUE)
strict <- clm.control(gradTol = 1e-11, maxIter = 300)
for (link in c("logit", "probit")) {
  whole <- clm(y ~ us_response + treaty + age, data = d, link = link, control = strict)
  name <- c(logit = "ordered_logit", probit = "ordered_probit")[[link]]
  lr(paste0(name, ".us_response"), whole, clm(y ~ treaty + age, data = d, link = link, control = strict))
  lr(paste0(name, ".us_response+treaty+age"), whole, clm(y ~ 1, data = d, link = link, control = strict))
  for (term in c("us_response", "treaty", "age"))
    lr(paste0(name, ".odds.", term), clm(y ~ us_response + treaty + age, nominal = as.formula(paste("~", term)), data = d, link = link, control = strict), whole)
  # What nominal_test() prints is the same to the digits that its own fits reach.
  nt <- nominal_test(eval(bquote(clm(y ~ us_response + treaty + age, data = d, link = .(link)))))
  for (term in c("treaty", "age")) stopifnot(abs(nt[term, "LRT"] - rows[[length(rows) - c(treaty = 1, age = 0)[[term]]]]$stat) < 1e-5)
}
# approval by arms, which nominal_test() gives no number for
lr("ordered_logit.odds.arms", clm(a ~ 1, nominal = ~ us_response, data = d, control = strict), clm(a ~ us_response, data = d, control = strict))

close <- function(f) multinom(f, d, trace = FALSE, reltol = 1e-16, abstol = 1e-12, maxit = 2000)
lr("multinomial.us_response", close(party ~ us_response + age), close(party ~ age))
best <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10))
mixed <- function(f) lmer(f, d, REML = FALSE, control = best)
lr("mixed.us_response", mixed(approval ~ us_response + age + (1 | state)), mixed(approval ~ age + (1 | state)))
lr("mixed.age", mixed(approval ~ us_response + age + (1 | state)), mixed(approval ~ us_response + (1 | state)))

out <- do.call(rbind, rows)
for (k in c("stat", "p")) out[[k]] <- format(out[[k]], digits = 17, trim = TRUE)
con <- file("tests/oracle/nested.csv", "w")
writeLines(sprintf("# R %s, ordinal %s, nnet %s, lme4 %s", getRversion(), packageVersion("ordinal"), packageVersion("nnet"), packageVersion("lme4")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close.connection(con)
