"""What is known about domains by themselves: suffixes, public mail, look-alikes, pasted lists."""
