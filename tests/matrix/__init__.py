"""Who may what, asked of every address, and what nobody may read."""
