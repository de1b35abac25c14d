"""Pages about figures: what is asked for in their addresses, and the tables, charts and words that they show."""
