"""What the office holds and may reuse: objects, catalogue, search, jobs, the once-only decision."""
