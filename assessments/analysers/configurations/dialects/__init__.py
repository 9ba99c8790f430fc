"""One reader a dialect: text in, `Ruleset` out."""
