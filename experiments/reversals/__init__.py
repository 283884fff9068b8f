"""Which assumptions could reverse the advice: every uncertain parameter moved alone through its range."""
