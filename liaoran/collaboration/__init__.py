"""Comments, mentions, files, notifications and the knowledge base."""
