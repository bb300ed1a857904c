"""People: somebody with a confirmed e-mail address."""
