"""Programs that run in the interpreters of samples, not in that of docwitness: each stands alone and is started as a script."""
