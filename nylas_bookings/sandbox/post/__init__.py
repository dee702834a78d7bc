"""What the sandbox sends out when its time has come: notifications to webhooks, and mails."""
