"""The assets by stage: one module each for pages, articles, entities, days, and the whole archive."""
