"""What the sandbox sends out: to real receivers and a real mail server, on this machine."""
