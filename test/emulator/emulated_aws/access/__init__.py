"""IAM's decisions: which calls a role may make. Policies and requests go in, decisions come out."""
