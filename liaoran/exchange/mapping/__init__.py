"""From columns of a file to Fields of an Object, and from written values to choices, states and linked records."""
