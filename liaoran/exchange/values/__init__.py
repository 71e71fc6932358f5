"""Understanding what people write in cells: numbers with units, dates in every order, yes and no in both languages."""
