"""Addresses: from what a person writes or says to a point of the register, and to what may be meant while typing."""
