"""Pure vocabulary: the nine words, errors, registries and ports. No input or output happens here."""
