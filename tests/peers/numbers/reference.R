# The reference study by R's lm and sandwich, from the raw file, against a record.
# usage: Rscript reference.R RECORD.json DATA.csv
suppressPackageStartupMessages({ library(jsonlite); library(sandwich); library(lmtest) })
args <- commandArgs(trailingOnly = TRUE)
record <- fromJSON(args[1], simplifyVector = FALSE)
lines <- readLines(args[2], encoding = "UTF-8")
data <- read.csv(text = lines[-(2:3)], check.names = FALSE, stringsAsFactors = FALSE, na.strings = "")
data <- data[data$Finished == 1 & data$passed_check == 1, ]

levels_of <- list(
  us_response = c("status_quo", "denounce", "sanctions", "reduce_aid", "terminate"),
  action = c("underspending", "rival_weapons", "refuse_troops", "no_sanctions"),
  regime = c("autocracy", "democracy"), capability = c("weak", "strong"), treaty = c("no_treaty", "formal"))
labels_of <- list(
  us_response = c("Keeps its current policy", "Publicly denounces the ally", "Imposes economic measures", "Reduces military support", "Terminates the alliance"),
  action = c("Underspends on defence", "Buys weapons from a rival", "Refuses to send troops", "Does not join sanctions"),
  regime = c("Not a democracy", "Democracy"), capability = c("Weak military", "Strong military"), treaty = c("No formal treaty", "Formal treaty"))
for (name in names(levels_of)) data[[name]] <- factor(data[[name]], labels_of[[name]], levels_of[[name]])

fits <- list(
  approval = lm(approval ~ us_response, data),
  contribution = lm(contribution ~ action, data),
  moderation = lm(approval ~ us_response * (regime + capability + treaty), data))

# The mean design row of a fit with some factors set for everybody.
row <- function(fit, ...) {
  frame <- model.frame(fit)
  for (name in names(list(...))) frame[[name]] <- factor(list(...)[[name]], levels_of[[name]])
  colMeans(model.matrix(delete.response(terms(fit)), frame, contrasts.arg = NULL, xlev = fit$xlevels))
}
any_action <- function(fit, ...) {
  rowMeans(sapply(levels_of$us_response[-1], function(l) row(fit, us_response = l, ...))) - row(fit, us_response = "status_quo", ...)
}
linear <- list()
put <- function(id, model, l, side) linear[[id]] <<- list(model = model, l = l, side = side)
put("H1.any", "approval", any_action(fits$approval), "greater")
for (l in levels_of$us_response[-1])
  put(paste0("H1.", l), "approval", row(fits$approval, us_response = l) - row(fits$approval, us_response = "status_quo"), "greater")
for (l in levels_of$action[-1])
  put(paste0("H2.", l), "contribution", row(fits$contribution, action = l) - row(fits$contribution, action = "underspending"), "less")
across <- function(name, levels) {
  setting <- function(l) setNames(list(l), name)
  do.call(any_action, c(list(fits$moderation), setting(levels[2]))) - do.call(any_action, c(list(fits$moderation), setting(levels[1])))
}
for (name in c("regime", "capability", "treaty")) put(paste0("H3.", name), "moderation", across(name, levels_of[[name]]), "less")

found <- list()
for (id in names(linear)) {
  t <- linear[[id]]; fit <- fits[[t$model]]
  v <- vcovHC(fit, "HC2"); df <- df.residual(fit)
  estimate <- sum(t$l * coef(fit)); se <- sqrt(drop(t$l %*% v %*% t$l)); stat <- estimate / se
  found[[id]] <- list(estimate = estimate, std_error = se, statistic = stat,
    p_value = pt(stat, df, lower.tail = t$side == "less"),
    conf_low = estimate - qt(0.975, df) * se, conf_high = estimate + qt(0.975, df) * se)
}
joint <- function(id, model, pattern) {
  fit <- fits[[model]]; chosen <- grep(pattern, names(coef(fit)))
  b <- coef(fit)[chosen]; v <- vcovHC(fit, "HC2")[chosen, chosen]
  f <- drop(b %*% solve(v, b)) / length(b)
  found[[id]] <<- list(statistic = f, p_value = pf(f, length(b), df.residual(fit), lower.tail = FALSE))
}
joint("H2.joint", "contribution", "^action")
for (name in c("regime", "capability", "treaty")) joint(paste0("H3.", name, ".joint"), "moderation", paste0("^us_response.*:", name))
families <- list(paste0("H1.", levels_of$us_response[-1]), paste0("H2.", levels_of$action[-1]),
  paste0("H3.", c("regime", "capability", "treaty")), paste0("H3.", c("regime", "capability", "treaty"), ".joint"))
for (ids in families) {
  adjusted <- p.adjust(sapply(ids, function(id) found[[id]]$p_value), "holm")
  for (id in ids) found[[id]]$p_adjusted <- adjusted[[id]]
}

compared <- 0; faults <- character()
for (test in record$tests) {
  mine <- found[[test$id]]
  if (is.null(mine)) { faults <- c(faults, paste(test$id, "is not computed here")); next }
  for (key in names(mine)) {
    theirs <- test[[key]]
    off <- if (startsWith(key, "p_")) abs(log(theirs) - log(mine[[key]])) / 1e-6 else abs(theirs - mine[[key]]) / (1e-9 * max(1e-3, abs(mine[[key]])))
    compared <- compared + 1
    if (!is.finite(off) || off > 1) faults <- c(faults, sprintf("%s %s: record %.17g, R %.17g", test$id, key, theirs, mine[[key]]))
  }
}
if (length(faults) > 0 || compared < 80) { cat(faults, sep = "\n"); cat(compared, "numbers compared\n"); quit(status = 1) }
cat(compared, "numbers agree with R", as.character(getRversion()), "\n")
