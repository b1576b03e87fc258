"""How contact points go wrong with time: learned from the company's own checks, told of each point."""
