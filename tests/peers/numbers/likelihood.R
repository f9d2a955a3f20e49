# The study in likelihood/ by base glm, MASS, ordinal, nnet, survey, sandwich, emmeans and coin, against a record.
# usage: Rscript likelihood.R RECORD.json DATA.csv
suppressPackageStartupMessages({
  library(jsonlite); library(sandwich); library(lmtest); library(MASS); library(ordinal); library(nnet); library(survey); library(emmeans); library(coin)
})
emm_options(msg.interaction = FALSE)
args <- commandArgs(trailingOnly = TRUE)
record <- fromJSON(args[1], simplifyVector = FALSE)
d <- read.csv(args[2], stringsAsFactors = FALSE)
responses <- c("status_quo", "denounce", "sanctions", "reduce_aid", "terminate")
d$us_response <- factor(d$us_response, responses)
d$regime <- factor(d$regime, c("autocracy", "democracy"))
d$treaty <- factor(d$treaty, c("none", "formal"))
d$approval <- factor(d$approval, 1:7, ordered = TRUE)
d$party <- factor(d$party, c("independent", "democrat", "republican"))

tight <- glm.control(epsilon = 1e-15, maxit = 100)
f <- list(response = approve ~ us_response + hawkishness, counts = count_y ~ us_response + hawkishness, aged = approve ~ us_response + age)
logit <- glm(approve ~ us_response * regime + age, binomial, d, control = tight)
sandwiched <- glm(f$response, binomial, d, control = tight)
frequency <- glm(f$aged, binomial, d[rep(seq_len(nrow(d)), d$fweight), ], control = tight)
probit <- glm(f$response, binomial("probit"), d, control = tight)
poisson_ <- glm(f$counts, poisson, d, control = tight)
design <- svydesign(~1, weights = ~weight, data = d)
svy_logit <- svyglm(f$aged, design, family = quasibinomial, control = tight)
svy_ols <- svyglm(contribution ~ us_response * regime, design)
ols <- lm(contribution ~ us_response + age, d)
newton <- clm.control(gradTol = 1e-12, maxIter = 200)
ranked <- clm(approval ~ us_response + hawkishness, data = d, link = "logit", control = newton)
ranked_probit <- clm(approval ~ us_response + age, data = d, link = "probit", control = newton)
nominal <- multinom(party ~ age + hawkishness, d, Hess = TRUE, trace = FALSE, reltol = 1e-15, abstol = 1e-12, maxit = 5000)
few <- d[d$respondent_id <= 16, ]
plain <- lm(contribution ~ treaty, few)

# White's sandwich for likelihoods, with clusters G/(G - 1) and no other correction.
clustered <- vcovCL(poisson_, ~state, type = "HC0", cadjust = TRUE)
# Stata's for least squares: G/(G - 1) (n - 1)/(n - k).
stata <- vcovCL(ols, ~state, type = "HC1", cadjust = TRUE)
models <- list(
  logit = list(coef(logit), vcov(logit)), logit_sandwich = list(coef(sandwiched), sandwich(sandwiched)),
  logit_frequency = list(coef(frequency), vcov(frequency)), logit_survey = list(coef(svy_logit), vcov(svy_logit)),
  probit_expected = list(coef(probit), vcov(probit)), poisson = list(coef(poisson_), vcov(poisson_)),
  poisson_robust = list(coef(poisson_), sandwich(poisson_)), poisson_clustered = list(coef(poisson_), clustered),
  ordered_logit = list(coef(ranked), vcov(ranked)), ordered_probit = list(coef(ranked_probit), vcov(ranked_probit)),
  multinomial = list(c(t(coef(nominal))), vcov(nominal)), survey = list(coef(svy_ols), vcov(svy_ols)),
  clustered = list(coef(ols), stata), few = list(coef(plain), vcovHC(plain, "HC2")))
names(models$multinomial[[1]]) <- sub(":", ": ", rownames(vcov(nominal)))
dimnames(models$multinomial[[2]]) <- list(names(models$multinomial[[1]]), names(models$multinomial[[1]]))
ours <- function(term) {
  for (name in c("us_response", "regime", "treaty")) term <- gsub(paste0("(^|:)", name, "([a-z_]+)"), paste0("\\1", name, "[\\2]"), term)
  term
}

compared <- 0; faults <- character()
check <- function(what, theirs, mine, tolerance = 1e-6, log_scale = FALSE) {
  compared <<- compared + 1
  off <- if (log_scale) abs(log(theirs) - log(mine)) else abs(theirs - mine) / max(1e-3, abs(mine))
  if (!length(off) || !is.finite(off) || off > tolerance) faults <<- c(faults, sprintf("%s: record %.15g, R %.15g", what, theirs, mine))
}
for (model in record$models) {
  mine <- models[[model$id]]
  if (is.null(mine)) next
  se <- sqrt(diag(mine[[2]])); names(se) <- names(mine[[1]])
  if (length(model$coefficients) != length(se)) faults <- c(faults, paste(model$id, "has other coefficients"))
  for (term in model$coefficients) {
    at <- match(term$term, ours(names(mine[[1]])))
    if (is.na(at)) { faults <- c(faults, paste(model$id, term$term, "is not computed here")); next }
    check(paste(model$id, term$term), term$estimate, mine[[1]][[at]])
    check(paste(model$id, term$term, "error"), term$std_error, se[[at]])
  }
}
# polr differentiates numerically: its estimates to 1e-3.
loose <- polr(approval ~ us_response + hawkishness, d, method = "logistic")
for (term in Filter(function(m) m$id == "ordered_logit", record$models)[[1]]$coefficients) {
  mine <- c(coef(loose), loose$zeta)
  check(paste("polr", term$term), term$estimate, mine[[match(term$term, ours(names(mine)))]], 1e-3)
}

tests <- setNames(record$tests, sapply(record$tests, `[[`, "id"))
z_test <- function(id, estimate, se, tail) {
  check(id, tests[[id]]$estimate, estimate); check(paste(id, "error"), tests[[id]]$std_error, se)
  check(paste(id, "p"), tests[[id]]$p_value, tail(estimate / se), log_scale = TRUE)
}
both <- function(z) 2 * pnorm(abs(z), lower.tail = FALSE)
pairs_of <- function(grid, from, to) summary(contrast(grid, list(difference = as.numeric(responses == to) - as.numeric(responses == from))))
grid <- emmeans(logit, ~us_response)
found <- pairs_of(grid, "status_quo", "terminate"); z_test("link", found$estimate, found$SE, both)
found <- pairs_of(grid, "status_quo", "sanctions"); z_test("link.sanctions", found$estimate, found$SE, pnorm)
weighted <- lm(contribution ~ us_response * regime, d, weights = weight)
found <- pairs_of(emmeans(weighted, ~us_response, vcov. = vcov(svy_ols)), "status_quo", "terminate")
z_test("effect.balanced", found$estimate, found$SE, function(t) 2 * pt(abs(t), nrow(d) - 10, lower.tail = FALSE))
# The mean difference of two predictions for everybody, by the delta method.
at <- function(level) model.matrix(~ us_response + hawkishness, transform(d, us_response = factor(level, responses)))
high <- exp(drop(at("terminate") %*% coef(poisson_))); low <- exp(drop(at("status_quo") %*% coef(poisson_)))
gradient <- colMeans(at("terminate") * high - at("status_quo") * low)
z_test("effect", mean(high - low), sqrt(drop(gradient %*% vcov(poisson_) %*% gradient)), both)
# lmtest's Wald tests that all responses are alike.
joint <- function(id, fit, v, test) {
  found <- waldtest(fit, . ~ . - us_response, vcov = v, test = test)
  check(id, tests[[id]]$statistic, found[[test]][2])
}
joint("response", sandwiched, sandwich(sandwiched), "Chisq")
joint("counts", poisson_, sandwich(poisson_), "Chisq")
joint("cluster", ols, stata, "F")
check("cluster p", tests$cluster$p_value, pf(tests$cluster$statistic, 4, length(unique(d$state)) - 1, lower.tail = FALSE), log_scale = TRUE)
for (id in c("response", "counts", "rank")) check(paste(id, "p"), tests[[id]]$p_value, pchisq(tests[[id]]$statistic, 4, lower.tail = FALSE), log_scale = TRUE)
chosen <- grep("^us_response", names(coef(ranked)))
check("rank", tests$rank$statistic, drop(coef(ranked)[chosen] %*% solve(vcov(ranked)[chosen, chosen], coef(ranked)[chosen])))
few$treaty <- factor(few$treaty, c("formal", "none"))
for (id in c("permuted", "permuted.one_sided")) {
  found <- oneway_test(contribution ~ treaty, few, distribution = "exact", alternative = if (id == "permuted") "two.sided" else "greater")
  check(id, tests[[id]]$p_value, pvalue(found)[1], log_scale = TRUE)
}
if (length(faults) > 0 || compared < 230) { cat(faults, sep = "\n"); cat(compared, "numbers compared\n"); quit(status = 1) }
cat(compared, "numbers agree with R", as.character(getRversion()), "\n")
