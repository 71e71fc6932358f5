"""Single sign-on by OpenID Connect: the organisation's own provider says who somebody is."""
