"""AWS on loopback: moto's services, and a CloudFormation that makes resources through their APIs."""
