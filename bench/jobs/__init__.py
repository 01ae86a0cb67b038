"""What runs in processes of its own: `python -m bench.jobs.<name>`. Each prints JSON on stdout and nothing else."""
