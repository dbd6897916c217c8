"""What lies in deploy/, run or read by the programs that it is made for."""
