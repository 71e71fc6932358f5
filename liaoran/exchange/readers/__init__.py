"""Reading tables out of files: what kind of file it is, where its table starts, and its rows with their line numbers."""
