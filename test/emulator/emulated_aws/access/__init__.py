"""IAM's decisions: which calls a role may make. The input is policies and requests, the output decisions."""
