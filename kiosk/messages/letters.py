"""A message as an e-mail (RFC 5322), whoever carries it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from kiosk.contacts import Message
from kiosk.untrusted import file_name, printable, printable_lines


def letter(message: Message, sender: str, at: datetime) -> EmailMessage:
    """The same message has the same Message-ID on every try: a mailbox that gets it twice can tell."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = map(printable, (sender, message.to, message.subject))
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{file_name(message.name)}@{printable(sender).rpartition('@')[2].rstrip('>')}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers it
    made.set_content(printable_lines(message.text))
    return made
