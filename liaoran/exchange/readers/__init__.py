"""Reading tables out of files: what kind of file it is, where its table starts, its rows with their lines."""
