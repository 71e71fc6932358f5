"""One file per family of operators; a new operator is a new instance in a file of this folder."""
