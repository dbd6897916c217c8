"""HTTP only: addresses, forms, who may, and what stands around every page."""
