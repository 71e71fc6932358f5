"""Who may see and do what: sign-in, sessions, tokens, roles, and the row sources that every read starts from."""
