# Component effects and marginal means of the candidate conjoint, as cregg computes them by R's survey.
# usage: Rscript tests/oracle/kirkland_coppock.R ../shared/oracles/data_1502.csv, from the project's root: the conjoint lies
# beside that file's folder, in data/kirkland_coppock_2018
suppressPackageStartupMessages(library(survey))
d <- read.csv(file.path(dirname(commandArgs(TRUE)[1]), "../data/kirkland_coppock_2018/conjoint.csv"), stringsAsFactors = FALSE, na.strings = "NA")
rows <- list()
put <- function(id, estimate, se, null = 0) { z <- (estimate - null) / se
  rows[[length(rows) + 1]] <<- data.frame(id, estimate, std_error = se, p_value = 2 * pnorm(abs(z), lower.tail = FALSE)) }
d$one <- 1; np <- d[d$Party == "non-partisan", ]
political <- c(none = "None", council = "City Council Member", legislator = "State Legislator", mayor = "Mayor", congress = "Representative in Congress")
job <- c(educator = "Educator", attorney = "Attorney", executive = "Business Executive", police = "Police Officer", owner = "Small Business Owner")
np$Political <- factor(np$Political, levels = political); np$Job <- factor(np$Job, levels = job)
design <- svydesign(ids = ~resp_id, weights = ~one, data = np)
fit <- svyglm(win ~ Gender + factor(Age) + Race + Job + Political, design); s <- sqrt(diag(vcov(fit)))
put("effect.mayor", coef(fit)[["PoliticalMayor"]], s[["PoliticalMayor"]]); rows[[1]]$p_value <- pnorm(rows[[1]]$estimate / rows[[1]]$std_error, lower.tail = FALSE)
put("effect.police", coef(fit)[["JobPolice Officer"]], s[["JobPolice Officer"]])
m <- svyby(~win, ~Political, design, svymean); for (l in names(political)) put(paste0("mean.Political.", l), m[political[[l]], "win"], m[political[[l]], "se"], .5)
m <- svyby(~win, ~Job, design, svymean); for (l in names(job)) put(paste0("mean.Job.", l), m[job[[l]], "win"], m[job[[l]], "se"], .5)
all <- svydesign(ids = ~resp_id, weights = ~one, data = d)
m <- svyby(~win, ~Political + Party, all, svymean, covmat = TRUE); v <- vcov(m)
a <- "Mayor.Democrat"; b <- "Mayor.Republican"
put("mean.mayor.democrat", m[a, "win"], m[a, "se"], .5)
put("mean.mayor.difference", m[a, "win"] - m[b, "win"], sqrt(v[a, a] + v[b, b] - 2 * v[a, b]))
out <- do.call(rbind, rows)
for (k in names(out)[-1]) out[[k]] <- format(out[[k]], digits = 17)
con <- file("tests/oracle/kirkland_coppock.csv", "w")
writeLines(sprintf("# R %s, survey %s", getRversion(), packageVersion("survey")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
