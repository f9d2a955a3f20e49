# A conjoint with restricted cells: component effects by survey and by cjoint's formula, marginal means by survey,
# randomization inference by enumeration.
# usage: Rscript tests/oracle/conjoint.R, from the project's root. Writes conjoint_data.csv (drawn) and conjoint.csv.
suppressPackageStartupMessages({library(survey); library(sandwich)})
set.seed(20241124)
job <- c("janitor", "teacher", "doctor"); school <- c("none", "college", "degree")
origin <- c("near", "far", "abroad"); plan <- c("no", "yes")
p <- list(job = c(.5, .3, .2), school = c(1, 1, 1) / 3, origin = c(.5, .25, .25), plan = c(.5, .5))
allowed <- function(d) !((d$job == "doctor" & d$school == "none") | (d$job == "janitor" & d$school == "degree") |
  (d$school == "college" & d$origin == "abroad"))
draw <- function() repeat {
  d <- list(job = sample(job, 1, prob = p$job), school = sample(school, 1, prob = p$school),
    origin = sample(origin, 1, prob = p$origin), plan = sample(plan, 1, prob = p$plan))
  if (allowed(d)) return(as.data.frame(d))
}
people <- 150; tasks <- 4
d <- do.call(rbind, lapply(seq_len(people * tasks), function(i) draw()))
d$respondent <- rep(seq_len(people), each = tasks)
d$party <- rep(sample(c("left", "right"), people, replace = TRUE), each = tasks)
d$w <- rep(round(runif(people, .5, 2), 2), each = tasks)
taste <- rep(rnorm(people, sd = .6), each = tasks)
lean <- .4 * (d$job == "doctor") + .3 * (d$school == "degree") - .3 * (d$origin == "abroad") +
  .3 * (d$plan == "yes") * ifelse(d$party == "left", 1, -1) + .4 * (d$job == "teacher" & d$school == "college")
d$chosen <- as.integer(lean + taste + rnorm(nrow(d)) > .2)
write.csv(d, "tests/oracle/conjoint_data.csv", row.names = FALSE, quote = FALSE)
d <- transform(d, job = factor(job, levels = get("job", 1)), school = factor(school, levels = get("school", 1)),
  origin = factor(origin, levels = get("origin", 1)), plan = factor(plan, levels = get("plan", 1)), party = factor(party))
rows <- list()
put <- function(id, estimate, se, null = 0) { z <- (estimate - null) / se
  rows[[length(rows) + 1]] <<- data.frame(id, estimate, std_error = se, statistic = z,
    p_value = 2 * pnorm(abs(z), lower.tail = FALSE), conf_low = estimate - qnorm(.975) * se, conf_high = estimate + qnorm(.975) * se) }

# Least squares with the restricted attributes crossed; R leaves out what the allowed cells do not determine.
cross <- chosen ~ job * school + school * origin + plan
ols <- lm(cross, d); keep <- !is.na(coef(ols))
X <- model.matrix(ols)[, keep]
columns <- setNames(as.data.frame(X), paste0("x", seq_len(ncol(X))))
everybody <- function(weights, ids) svydesign(ids = ids, weights = weights, data = cbind(d, one = 1, columns))
everything <- reformulate(c("0", names(columns)), "chosen")
fit <- function(design) { f <- svyglm(everything, design); list(b = unname(coef(f)), v = unname(vcov(f))) }
grid <- expand.grid(job = job, school = school, origin = origin, plan = plan)
grid$p <- p$job[match(grid$job, job)] * p$school[match(grid$school, school)] * p$origin[match(grid$origin, origin)] * p$plan[match(grid$plan, plan)]
grid <- grid[allowed(grid), ]; grid$p <- grid$p / sum(grid$p)
M <- model.matrix(delete.response(terms(ols)), grid)[, keep]
# The other attributes' levels that go with both, by the share that the design gives them (or each alike).
amce <- function(f, of, a, b, equally = FALSE) {
  rest <- do.call(paste, grid[setdiff(c("job", "school", "origin", "plan"), of)])
  A <- which(grid[[of]] == a); B <- which(grid[[of]] == b)
  both <- intersect(rest[A], rest[B]); A <- A[match(both, rest[A])]; B <- B[match(both, rest[B])]
  w <- if (equally) rep(1, length(both)) else grid$p[A]
  l <- colSums(w * (M[A, , drop = FALSE] - M[B, , drop = FALSE])) / sum(w)
  c(sum(l * f$b), sqrt(drop(t(l) %*% f$v %*% l)))
}
f <- fit(everybody(~one, ~respondent))
stopifnot(all.equal(f$v, unname(vcovCL(ols, d$respondent, type = "HC0")), tolerance = 1e-10))
weighted <- fit(everybody(~w, ~respondent)); alone <- fit(everybody(~one, ~1))
effects <- list(c("job", "teacher", "janitor"), c("job", "doctor", "janitor"), c("job", "doctor", "teacher"), c("school", "college", "none"),
  c("school", "degree", "none"), c("origin", "far", "near"), c("origin", "abroad", "near"), c("plan", "yes", "no"))
for (e in effects) {
  of <- function(f, equally = FALSE) amce(f, e[1], e[2], e[3], equally)
  name <- paste(e, collapse = ".")
  r <- of(f); put(paste0("design.", name), r[1], r[2])
  r <- of(f, TRUE); put(paste0("balanced.", name), r[1], r[2])
  r <- of(weighted); put(paste0("weighted.", name), r[1], r[2])
  r <- of(alone); put(paste0("alone.", name), r[1], r[2])
}
# cjoint's own sum for a doctor against a janitor: the main effect, and each interaction times the share of its level
# among the doctor's, where the janitor can have it too.
J <- xtabs(p ~ job + school, grid); share <- J["doctor", ] * (J["janitor", ] > 0); share <- share / sum(share)
b <- coef(ols); own <- b[["jobdoctor"]]
for (s in school) { t <- b[paste0("jobdoctor:school", s)]; if (!is.na(t)) own <- own + share[[s]] * t[[1]] }
stopifnot(abs(own - amce(f, "job", "doctor", "janitor")[1]) < 1e-12)

# Without restriction between them: effects by group, their difference, and the interaction of two attributes.
by <- svyglm(chosen ~ plan * party, everybody(~one, ~respondent)); B <- coef(by); V <- vcov(by)
put("group.left", B[[2]], sqrt(V[2, 2]))
put("group.right", B[[2]] + B[[4]], sqrt(V[2, 2] + V[4, 4] + 2 * V[2, 4]))
put("group.difference", B[[4]], sqrt(V[4, 4]))
crossed <- lm(chosen ~ plan * job + job * school + school * origin, d); crossed <- model.matrix(crossed)[, !is.na(coef(crossed))]
inter <- svyglm(reformulate(c("0", paste0("x", seq_len(ncol(crossed)))), "chosen"),
  svydesign(ids = ~respondent, weights = ~one, data = cbind(d, one = 1, setNames(as.data.frame(crossed), paste0("x", seq_len(ncol(crossed)))))))
V <- unname(vcov(inter)); B <- unname(coef(inter)); at <- function(name) match(name, colnames(crossed))
k <- at("planyes:jobdoctor"); put("amcie", B[k], sqrt(V[k, k]))
averaged <- function(id, teacher, doctor) { l <- numeric(length(B)); l[at("planyes")] <- 1; l[at("planyes:jobteacher")] <- teacher; l[k] <- doctor
  put(id, sum(l * B), sqrt(drop(t(l) %*% V %*% l))) }
share <- tapply(grid$p, grid$job, sum); averaged("averaged.design", share[["teacher"]], share[["doctor"]])
# Each allowed combination of job, school and origin alike.
alike <- table(unique(grid[c("job", "school", "origin")])$job) / nrow(unique(grid[c("job", "school", "origin")]))
averaged("averaged.balanced", alike[["teacher"]], alike[["doctor"]])

means <- function(prefix, design) for (of in c("job", "school")) {
  m <- svyby(~chosen, reformulate(of), design, svymean)
  for (level in rownames(m)) put(paste(prefix, of, level, sep = "."), m[level, "chosen"], m[level, "se"], .5)
}
means("mean", everybody(~one, ~respondent)); means("weightedmean", everybody(~w, ~respondent))
m <- svyby(~chosen, ~job + party, everybody(~one, ~respondent), svymean, covmat = TRUE)
for (level in rownames(m)) put(paste0("groupmean.", level), m[level, "chosen"], m[level, "se"], .5)
v <- vcov(m); a <- "doctor.left"; b <- "doctor.right"
put("meandifference", m[b, "chosen"] - m[a, "chosen"], sqrt(v[a, a] + v[b, b] - 2 * v[a, b]))

# Redrawn: each row's job by what its school leaves, the other attributes as they are; every allocation of eight rows.
few <- read.csv(text = "job,school,y\njanitor,none,1\nteacher,none,3\njanitor,college,2\ndoctor,college,6\nteacher,degree,4\ndoctor,degree,7\nteacher,college,5\njanitor,none,0")
table_of <- function(s) { x <- setNames(p$job, job); if (s == "none") x["doctor"] <- 0; if (s == "degree") x["janitor"] <- 0; x / sum(x) }
statistic <- function(j) { m <- tapply(few$y, factor(j, job), mean); m[["teacher"]] - m[["janitor"]] }
all <- expand.grid(rep(list(job), nrow(few)), stringsAsFactors = FALSE)
prob <- apply(all, 1, function(j) prod(mapply(function(l, s) table_of(s)[[l]], j, few$school)))
all <- all[prob > 0, ]; prob <- prob[prob > 0]
# A draw without one of the three levels cannot be fitted and is not among the possible ones.
s <- apply(all, 1, function(j) if (length(unique(j)) < 3) NA else statistic(j)); ok <- !is.na(s); observed <- statistic(few$job)
exact <- sum(prob[ok & s >= observed - 1e-9]) / sum(prob[ok])
write.csv(few, "tests/oracle/conjoint_redrawn.csv", row.names = FALSE, quote = FALSE)

out <- do.call(rbind, rows)
for (k in names(out)[-1]) out[[k]] <- format(out[[k]], digits = 17)
con <- file("tests/oracle/conjoint.csv", "w")
writeLines(sprintf("# R %s, survey %s, sandwich %s; the redrawn p is %.17g", getRversion(), packageVersion("survey"), packageVersion("sandwich"), exact), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
