"""AWS on loopback: moto's services, and a CloudFormation that creates resources through their APIs."""
