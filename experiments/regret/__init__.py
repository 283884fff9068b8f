"""The verb `regret`: plans by futures, what each costs where another is better, and where one fails."""
