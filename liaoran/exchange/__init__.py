"""Import and export: files in every common writing come in through the one write path, any list goes out."""
